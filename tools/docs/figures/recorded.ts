import { readFileSync } from 'node:fs';
import { bytesSource, calibrate, calibrateThreshold, driftReport, fitBaseline, generateEntries, mapSegmentation, parseLabelRows, parseLabels, readLedger, readVerified, recomputeLedger, sealLedger, verifiedLedger, type VerifiedLedger } from '../../../src/index.js';
import { changeProbabilityFigure, chosenThreshold, costFigure, driftScoreFigure, rocFigure, scoreFigure, timelineFigure, transitionFigure, type Figure } from '../../../src/plot/index.js';

const bytesOf = (run: string): Uint8Array => readFileSync(`datasets/npm/npm-${run}.ledger.json`);
const ledgerOf = (run: string): VerifiedLedger => readVerified(bytesSource(bytesOf(run)), { callIds: true });
const labels = readFileSync('datasets/npm/npm-incident.labels.csv', 'utf8');

const baselineOf = (ledger: VerifiedLedger, actor: string): ReturnType<typeof fitBaseline> => fitBaseline([ledger], { actor, generatedAtMs: 0n });

/** Transitions between risk states need an actor that has been in all of them: a generated one. */
function generatedTransitions(): Figure {
  const entries = [...generateEntries({ entries: 6000, seed: 7 })].map(({ entry }) => entry);
  const risky = (id: string): number => entries.filter((entry) => entry.extension_id === id && entry.derived_state !== 'safe_fast').length;
  const [actor = ''] = [...new Set(entries.map((entry) => entry.extension_id))].sort((a, b) => risky(b) - risky(a));
  const { evidence } = baselineOf(verifiedLedger(sealLedger(entries, { generatedAtMs: 0n })), actor);
  return transitionFigure(evidence.transitions, { actor });
}

/** What was called, call by call, as the categories of a series. */
function capabilityChanges(): Figure {
  const { capability } = ledgerOf('incident').columns;
  const model = { model: 'dirichlet-categorical', alpha: capability.values.map(() => 0.5) } as const;
  const found = mapSegmentation({ model, hazard: { type: 'constant', lambda: capability.codes.length } }, capability.codes);
  return changeProbabilityFigure(found, { title: 'Chance that what is called changed, call by call', observation: 'call' });
}

function thresholdFigures(): readonly (readonly [string, Figure])[] {
  const ledger = ledgerOf('incident');
  const rows = parseLabelRows(labels);
  const threshold = calibrateThreshold([ledger], { method: 'np', miss: 0.2, labels: rows, labelSource: 'process ancestry' });
  const chosen = chosenThreshold(threshold);
  const { sweep } = calibrate([ledger], { labels: parseLabels(labels) });
  if (sweep.kind === 'refusal') throw new Error('the recorded incident has both classes');
  return [['roc', rocFigure(sweep, { chosen })], ['cost', costFigure(sweep, { chosen })]];
}

/** Figures of the recorded npm installs, and of one generated ledger, by the name of their file. */
export function recordedFigures(): readonly (readonly [string, Figure])[] {
  const [approved, incident] = [ledgerOf('approved'), ledgerOf('incident')];
  const baseline = baselineOf(approved, 'npm');
  const { mismatches } = recomputeLedger(readLedger(bytesOf('incident')));
  return [
    ['baseline-scores', scoreFigure(baseline)],
    ['transitions', generatedTransitions()],
    ['drift', driftScoreFigure(driftReport(baseline, [incident]))],
    ['bocpd', capabilityChanges()],
    ['timeline', timelineFigure({ title: 'What the controller decided on each call of the incident', columns: incident.columns, mismatches })],
    ...thresholdFigures(),
  ];
}
