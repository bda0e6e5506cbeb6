import { fitBaseline } from '../../../baseline/baseline.js';
import { driftReport } from '../../../baseline/drift.js';
import { latestMs } from '../actors.js';
import { capabilityTable } from '../baseline/page.js';
import { runNamed, type DemoRun } from './data.js';
import { driftingCapabilities } from '../baseline/drift-page.js';
import type { Page } from '../layout.js';

const ACTOR = 'npm';

/** Shows what the approved runs look like, and whether the later ones still look like that. */
export function showBehaviour(page: Page, runs: readonly DemoRun[], ask: (question: string, command: string) => void): void {
  const { verified: approved } = runNamed(runs, 'approved');
  const baseline = fitBaseline([approved], { actor: ACTOR, generatedAtMs: latestMs([approved]) });
  ask('3. What is normal in the approved runs?', 'baseline npm-approved.ledger.json --json --out /tmp/base.json');
  capabilityTable(page, baseline);
  ask('4. Do the later runs still look like that?', 'drift /tmp/base.json npm-incident.ledger.json');
  for (const name of ['routine', 'incident'] as const) {
    const report = driftReport(baseline, [runNamed(runs, name).verified]);
    const drifts = report.driftDetected;
    const host = report.hostAlarms.map((alarm) => alarm.capability);
    const hostText = host.length === 0 ? 'no alarm' : `alarm in ${host.join(', ')}`;
    page.row(name, `${drifts ? `drift in ${driftingCapabilities(report).join(', ')}` : 'no drift'} (host's own thresholds: ${hostText})`, drifts ? 'bad' : 'good');
  }
}
