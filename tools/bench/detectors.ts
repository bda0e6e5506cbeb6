import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DetectorSpeed, series } from './detector-works.js';

// `npm run bench -- detectors`: observations a second of every detector, beside a bare loop over the same typed array and
// beside other packages on the same numbers, in one run.

const main = fileURLToPath(new URL('main.js', import.meta.url));

/** Rows: label, work, what is wanted, and which peer does the like. */
const ROWS: readonly (readonly [label: string, work: string, wanted: string, peer: string])[] = [
  ['bare loop: sum, finite check', 'bare', '', ''],
  ['CUSUM, Gaussian, two-sided, bulk', 'cusum gaussian', '60,000,000', 'cusum'],
  ['CUSUM, exponential, bulk', 'cusum exponential', '', ''],
  ['CUSUM, Bernoulli, bulk', 'cusum bernoulli', '', ''],
  ['CUSUM, Poisson, bulk', 'cusum poisson', '', ''],
  ['CUSUM, Gaussian, scan', 'cusum scan', '', 'cusum'],
  ['self-starting CUSUM, scan', 'self-starting', '', ''],
  ['mixture e-SR, 3 alternatives, bulk', 'e-sr', '20,000,000', ''],
  ['FOCuS, Gaussian, bulk', 'focus', '', 'focus'],
  ['BOCPD, N(0,1), cap 300', 'bocpd cap', '140,000', 'bocpd'],
  ['BOCPD, merge 1e-6, shifts', 'bocpd merge', '300,000', 'bocpd shifted'],
  ['BOCPD, merge 1e-6, N(0,1)', 'bocpd clean', '', ''],
  ['BOCPD, nothing pruned, 2000 points', 'bocpd all', '', 'bocpd'],
  ['block maxima, window 60, scan', 'block maxima', '', ''],
  ['host\'s regime shift, step', 'host regime', '', ''],
  ['PELT, 100,000 points', 'pelt', '', 'pelt'],
];

type Peers = Readonly<Record<string, { readonly name: string; readonly rate: number } | { readonly missing: string }>>;

const PACKAGES = ['river==0.26.1', 'ruptures==1.1.10', 'changepoint==0.4.0', 'changepoint-online==1.2.1'];

/** The Python of a virtual environment with the peers, made once and kept among what is built; or why there is none. */
function peerPython(): { readonly python: string } | { readonly missing: string } {
  const home = fileURLToPath(new URL('../../bench-peers', import.meta.url));
  const python = join(home, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const ready = join(home, `ready-${PACKAGES.join('-')}`);
  if (existsSync(ready)) return { python };
  mkdirSync(home, { recursive: true });
  const made = spawnSync('python3', ['-m', 'venv', home], { encoding: 'utf8', timeout: 60_000 });
  if (made.error && 'code' in made.error && made.error.code === 'ENOENT') return { missing: 'no peer: python3 not found' };
  if (made.status !== 0) return { missing: 'no peer: python3 cannot make a virtual environment' };
  // One by one: a package that does not install here takes only its own row with it.
  const install = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '--retries', '1', '--timeout', '10'];
  const failed = PACKAGES.filter((name) => spawnSync(python, [...install, name], { timeout: 120_000 }).status !== 0);
  if (failed.length === 0) writeFileSync(ready, '');
  return { python };
}

function measurePeers(): Peers | string {
  const found = peerPython();
  if ('missing' in found) return found.missing;
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-bench-'));
  try {
    const files = [false, true].map((shifted) => {
      const path = join(folder, String(shifted));
      writeFileSync(path, series(100_000, shifted));
      return path;
    });
    const script = fileURLToPath(new URL('../../../tools/bench/peers.py', import.meta.url));
    const child = spawnSync(found.python, [script, ...files], { encoding: 'utf8', timeout: 120_000 });
    return child.status === 0 ? (JSON.parse(child.stdout) as Peers) : 'no peer: they did not run within two minutes';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The fastest of some processes, each the median of its runs: other work on the machine only slows. */
function fastest(work: string, times: number): DetectorSpeed {
  const runs = Array.from({ length: times }, () => {
    const child = spawnSync(process.execPath, [main, '--measure-detector', work], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(child.stderr);
    return JSON.parse(child.stdout) as DetectorSpeed;
  });
  return runs.reduce((best, run) => (run.rate > best.rate ? run : best));
}

const thousands = (x: number): string => Math.round(x).toLocaleString('en');

function peerCell(peers: Peers | string, row: string, rate: number): string {
  if (row === '') return '';
  if (typeof peers === 'string') return peers;
  const peer = peers[row];
  if (peer === undefined || 'missing' in peer) return `no peer: ${peer?.missing ?? 'not measured'}`;
  return `${(rate / peer.rate).toPrecision(3)} x ${peer.name} (${thousands(peer.rate)}/s)`;
}

/** Prints the table of the detectors. */
export function benchDetectors(quick: boolean): void {
  const peers = measurePeers();
  console.log(`\nDetectors, fixed seed; the machine's load at the start ${(loadavg()[0] ?? 0).toFixed(2)}`);
  console.log(`${''.padEnd(36)} observations/s   of bare       wanted`);
  let bare = NaN;
  for (const [label, work, wanted, peer] of ROWS) {
    const { rate, note } = fastest(work, quick ? 1 : 3);
    if (work === 'bare') bare = rate;
    const share = (100 * rate) / bare;
    const beside = [note, peerCell(peers, peer, rate)].filter((cell) => cell !== '').join('; ');
    console.log(`${label.padEnd(36)} ${thousands(rate).padStart(14)} ${`${share.toPrecision(3)} %`.padStart(9)} ${wanted.padStart(12)}  ${beside}`.trimEnd());
  }
  const short = typeof peers === 'string' ? undefined : peers['pelt short'];
  if (short && 'name' in short) console.log(`${short.name}: ${thousands(short.rate)}/s`);
}
