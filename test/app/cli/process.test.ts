import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const MAIN = resolve('dist/app/cli/main.js');
const GOOD = resolve('datasets/npm/npm-incident.ledger.json');

function hindcast(...argv: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...argv], { encoding: 'utf8', cwd: tmpdir(), maxBuffer: 1 << 26 });
  return { code: status, out: stdout, err: stderr };
}

describe('the hindcast program', () => {
  it('runs from any folder and ends with the code of what it found', () => {
    expect(hindcast('verify', GOOD)).toMatchObject({ code: 0, err: '' });
    expect(hindcast('verify', '/nowhere.json')).toMatchObject({ code: 3, out: '' });
    expect(hindcast('nonsense').code).toBe(3);
  });

  it('ends quietly, with its verdict, when its reader goes away', async () => {
    const child = spawn(process.execPath, [MAIN, 'replay', GOOD, '--format', 'pi'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (data: Buffer) => { err += data.toString(); });
    const closed = once(child, 'close') as Promise<[number]>;
    await Promise.race([once(child.stdout, 'data'), closed]);
    child.stdout.destroy();
    const [code] = await closed;
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('writes all of a long report through a pipe', () => {
    const { out, code } = hindcast('replay', GOOD, '--format', 'pi');
    expect(code).toBe(0);
    expect((JSON.parse(out) as { steps: unknown[] }).steps).toHaveLength(245);
  });

  it('leaves nothing behind when writing fails', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hindcast-'));
    const target = join(folder, 'report.json');
    expect(hindcast('replay', '/nowhere.json', '--format', 'pi', '--out', target).code).toBe(3);
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('reads a ledger from standard input', () => {
    const { status, stdout } = spawnSync('sh', ['-c', `cat "${GOOD}" | "${process.execPath}" "${MAIN}" verify -`], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^internally consistent/);
  });
});
