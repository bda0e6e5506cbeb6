import { calibrateThreshold } from '../../../risk/calibrate/calibrate-threshold.js';
import { parseLabelRows } from '../../../risk/calibrate/label-rows.js';
import { withSource } from '../../files.js';
import { collectSeries } from '../../series/streams.js';
import { labelText } from '../calibrate/threshold.js';
import { short } from '../calibrate/page.js';
import { pathOf, type DemoRun } from './data.js';
import type { Page } from '../layout.js';
import { segmentStream } from '../segment/stream.js';
import { levelText } from '../segment/words.js';

/** Shows into which regimes the calls of the incident fall. */
export function showRegimes(page: Page, { labels, verified: { columns } }: DemoRun, ask: (question: string, command: string) => void): void {
  ask('7. When did what it called change?', 'segment npm-incident.ledger.json --stream capability');
  const { about, streams: [stream] } = withSource(pathOf('incident', 'ledger.json'), (source) => collectSeries(source, { stream: 'capability' }, { by: 'actor' }));
  if (stream === undefined) return;
  const report = segmentStream(stream, undefined, { kind: about.stream, method: 'both', level: 0.9, penalty: 'auto', hazardLambda: 'length' });
  if (report.status !== 'segmented') return;
  const { found, plan } = report;
  page.table(
    [{ title: 'calls', right: true }, { title: 'mostly' }, { title: 'P(change here)', right: true }],
    found.regimes.map(({ from, to, level }, k) => [`${String(from)} to ${String(to)}`, levelText(level, plan, false), k === 0 ? '' : (found.changes[k - 1]?.probability ?? NaN).toFixed(3)]),
  );
  const first = columns.callIds?.findIndex((id) => labels.get(id) === 'unsafe') ?? -1;
  page.text(`  The first hostile call, by process ancestry, is call ${String(first)}.`);
}

/** Shows which threshold keeps a promise, and what it costs. */
export function showPromise(page: Page, { verified }: DemoRun, ask: (question: string, command: string) => void): void {
  ask('8. Which threshold on the score would keep a promise?', 'calibrate npm-incident.ledger.json --labels npm-incident.labels.csv --label-source "process ancestry" --method np --miss 0.2');
  const labels = parseLabelRows(labelText(pathOf('incident', 'labels.csv')));
  const rows = [0.2, 0.1, 0.05].map((miss): readonly string[] => {
    const { threshold, observed, neededN, n } = calibrateThreshold([verified], { method: 'np', miss, labels, labelSource: 'process ancestry' });
    const promise = `at most ${short(100 * miss)} % pass`;
    if (threshold === null || observed === null) return [promise, '-', `refused: needs ${String(neededN.miss)} hostile calls, has ${String(n.labelled.unsafe)}`];
    return [promise, short(threshold), `flags ${String(observed.falseAlarm.errors)} of ${String(observed.falseAlarm.n)} safe calls`];
  });
  page.table([{ title: 'with 95 % confidence' }, { title: 'threshold', right: true }, { title: 'price' }], rows);
  page.text('  One hostile script made them all: the promise is about calls like these, not about other attacks.', 'warn');
}
