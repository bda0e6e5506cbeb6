// Builds, runs every test and ends with one plain line: N passed, N failed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;

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

const folder = mkdtempSync(join(tmpdir(), 'hindcast-test-'));
const report = join(folder, 'report.json');
let status = run('scripts/build.mjs');
let counts = { passed: 0, failed: 1 };
if (status === 0) {
  status = run('node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2));
  counts = countTests(report, status);
}
rmSync(folder, { recursive: true, force: true });
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(status === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1);
