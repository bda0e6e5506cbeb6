import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSameFile, openAtomic, stageFile } from '../../src/app/atomic-file.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const folder = (): string => mkdtempSync(join(tmpdir(), 'hindcast-'));

describe('openAtomic', () => {
  it('shows nothing under the name until the file is whole', () => {
    const place = folder();
    const path = join(place, 'deep', 'report.json');
    const file = openAtomic(path);
    file.append(bytes('x'.repeat(300_000)));
    expect(readdirSync(join(place, 'deep'))).not.toContain('report.json');
    file.append(bytes('end'));
    file.overwrite(1, bytes('yz'));
    file.commit();
    expect(readFileSync(path, 'utf8')).toBe(`xyz${'x'.repeat(299_997)}end`);
    expect(readdirSync(join(place, 'deep'))).toEqual(['report.json']);
  });

  it('leaves the old file alone when abandoned', () => {
    const place = folder();
    const path = join(place, 'report.json');
    writeFileSync(path, 'old');
    const file = openAtomic(path);
    file.append(bytes('new'));
    file.abandon();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(place)).toEqual(['report.json']);
  });

  it('keeps permissions and links of the file it replaces', () => {
    const place = folder();
    const [path, link] = [join(place, 'report.json'), join(place, 'link.json')];
    writeFileSync(path, 'old', { mode: 0o600 });
    symlinkSync(path, link);
    const file = openAtomic(link);
    file.append(bytes('new'));
    file.commit();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(isSameFile(path, link)).toBe(true);
  });

  it('refuses a folder', () => {
    expect(() => openAtomic(folder())).toThrow('EISDIR');
  });
});

describe('stageFile', () => {
  it('puts what another wrote in its place, with the permissions of the file there', () => {
    const place = folder();
    const path = join(place, 'trace.arrows');
    writeFileSync(path, 'old', { mode: 0o640 });
    const staged = stageFile(path);
    writeFileSync(staged.path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('old');
    staged.commit();
    staged.abandon();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(place)).toEqual(['trace.arrows']);
  });

  it('leaves nothing behind when abandoned, or when what was staged is gone', () => {
    const place = folder();
    stageFile(join(place, 'a')).abandon();
    const lost = stageFile(join(place, 'b'));
    rmSync(lost.path);
    expect(lost.commit).toThrow('ENOENT');
    expect(readdirSync(place)).toEqual([]);
  });

  it('lets the standard output be written straight', () => {
    expect(stageFile('-').path).toBe('-');
  });
});
