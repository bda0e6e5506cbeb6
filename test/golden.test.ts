import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runGolden } from '../tools/golden/run.js';
import type { Subject } from '../tools/golden/subject.js';

const folder = new URL('./golden/', import.meta.url);
const subjects = new URL('../tools/golden/subjects/', import.meta.url);

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const code = new URL(file.replace(/\.json$/, '.ts'), subjects);
  if (!existsSync(code)) continue;
  test(`every case of ${file} is answered as the host does`, async () => {
    const { subject } = (await import(code.href)) as { subject: Subject };
    const { passed, failures } = runGolden(readFileSync(new URL(file, folder)), subject);
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });
}
