// Builds, runs every test and ends with one plain line: N passed, N failed.
// With --mutations: every byte of the small ledgers and all seeded mutations, instead of a share of them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mutations = process.argv.includes('--mutations');
const rest = process.argv.slice(2).filter((argument) => argument !== '--mutations');
const folder = mkdtempSync(join(tmpdir(), 'hindcast-test-'));
// Temporary files of all tests lie in one folder, which goes when they are done.
const env = { ...process.env, TMPDIR: folder, ...(mutations ? { HINDCAST_ALL_MUTATIONS: '1' } : {}) };
const run = (...args) => spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status ?? 1;

/** Counts of a vitest run; a run that left no report counts as one failure. */
function countTests(report, status) {
  try {
    const { numPassedTests: passed, numFailedTests: failed, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.every((a) => a.status !== 'failed')).length;
    return { passed, failed: failed + broken };
  } catch {
    return { passed: 0, failed: status === 0 ? 0 : 1 };
  }
}

const report = join(folder, 'report.json');
let status = run('scripts/build.mjs');
let counts = { passed: 0, failed: 1 };
if (status === 0) {
  const which = mutations ? ['test/ledger/mutations.test.ts', '--testTimeout=900000'] : rest;
  status = run('node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, ...which);
  counts = countTests(report, status);
}
rmSync(folder, { recursive: true, force: true });
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(status === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1);
