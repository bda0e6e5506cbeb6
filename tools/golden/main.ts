import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGolden } from './run.js';
import type { Subject } from './subject.js';

// `npm run golden -- DIR`: every golden file in DIR through the public API, one line a file.

const dir = process.argv[2] ?? 'test/golden';
const here = new URL('./subjects/', import.meta.url);
const subjectNames = new Set(readdirSync(here).filter((name) => name.endsWith('.js')).map((name) => name.slice(0, -3)));

async function subjectOf(name: string): Promise<Subject> {
  return ((await import(new URL(`${name}.js`, here).href)) as { subject: Subject }).subject;
}

if (!existsSync(dir)) {
  console.error(`golden: there is no folder ${dir}`);
  process.exit(3);
}
const files = readdirSync(dir).filter((name) => name.endsWith('.json')).sort();
let failed = false;
let passed = 0;
for (const file of files) {
  const name = file.slice(0, -'.json'.length);
  if (!subjectNames.has(name)) {
    console.log(`${file.padEnd(24)} not run: hindcast has no part that answers it`);
    continue;
  }
  const { passed: good, failures } = runGolden(readFileSync(join(dir, file)), await subjectOf(name));
  passed += good;
  console.log(`${file.padEnd(24)} ${String(good)} passed, ${String(failures.length)} failed`);
  for (const { index, name: caseName, why } of failures) console.log(`  [${String(index)}] ${caseName}: ${why}`);
  failed ||= failures.length > 0;
}
console.log(`${String(passed)} golden cases passed${failed ? ', some failed' : ''}`);
process.exit(failed || passed === 0 ? 1 : 0);
