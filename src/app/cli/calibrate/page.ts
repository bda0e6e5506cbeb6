import type { Calibration, ThresholdPoint } from '../../../risk/calibrate/calibrate.js';
import type { Page } from '../layout.js';
import { counted } from '../ledger/verify-page.js';

/** A number short enough to read, its last digit rounded. */
export function short(x: number, digits = 4): string {
  return Number.isFinite(x) ? String(Number(x.toPrecision(digits))) : 'none';
}

/** A share as a percentage. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
}

/** How a threshold is shown. */
export function thresholdText(point: ThresholdPoint): string {
  return point.threshold === null ? 'flag nothing' : short(point.threshold);
}

function pointRow(name: string, point: ThresholdPoint): readonly string[] {
  const { unsafeFlagged: tp, unsafePassed: fn, safeFlagged: fp, safePassed: tn } = point;
  return [name, thresholdText(point), `${String(tp)} of ${String(tp + fn)}`, `${String(fp)} of ${String(fp + tn)}`, percent(fp, fp + tn), short(point.cost, 6)];
}

function showMatching(page: Page, { labels }: Calibration): void {
  const { unlabelledCount, unmatchedCount, ambiguousCount, examples } = labels;
  const like = (ids: readonly string[]): string => (ids.length === 0 ? '' : `, such as ${ids[0] ?? ''}`);
  if (unlabelledCount > 0) page.row('left out', `${counted(unlabelledCount, 'call')} without a label${like(examples.unlabelled)}`, 'warn');
  if (ambiguousCount > 0) page.row('left out', `${counted(ambiguousCount, 'call')} whose call_id occurs more than once${like(examples.ambiguous)}`, 'warn');
  if (unmatchedCount > 0) page.row('unused', `no call for ${counted(unmatchedCount, 'label')}${like(examples.unmatched)}`, 'warn');
}

/** Shows a calibration; how the labels came to be is its first line. */
export function showCalibration(page: Page, calibration: Calibration): void {
  const { sweep, labels, best, inForce, minimisers, grid } = calibration;
  page.verdict(calibration.labelSource === 'controller' ? 'warn' : 'strong', calibration.labelNote);
  page.row('calls', `${labels.callCount.toLocaleString('en-US')}, of them ${String(labels.safeCount)} safe and ${String(labels.unsafeCount)} unsafe`);
  showMatching(page, calibration);
  if (sweep.kind === 'refusal' || best === null) {
    const { reason, n, neededN } = sweep.kind === 'refusal' ? sweep : { reason: '', n: 0, neededN: 1 };
    page.row('not enough', `${reason}; there are ${String(n)}, at least ${String(neededN)} needed`, 'bad');
    return;
  }
  if (sweep.unscored.safe + sweep.unscored.unsafe > 0) page.row('no score', `${String(sweep.unscored.unsafe)} unsafe and ${String(sweep.unscored.safe)} safe calls: no threshold flags them`, 'warn');
  page.row('ROC area', `${short(sweep.auc)} (0.5 tells nothing, 1 tells all apart)`);
  page.row('thresholds', `${sweep.curve.thresholds.length.toLocaleString('en-US')} tried: every distinct score, and "flag nothing"`);
  page.gap();
  page.table(
    [{ title: '' }, { title: 'threshold', right: true }, { title: 'unsafe flagged', right: true }, { title: 'safe flagged', right: true }, { title: 'false alarms', right: true }, { title: 'cost', right: true }],
    [pointRow('in force', inForce), pointRow('cheapest', best)],
  );
  page.gap();
  if (minimisers.length > 1) page.row('ties', `${String(minimisers.length)} thresholds are equally cheap, from ${thresholdText(best)} to ${thresholdText(minimisers[0] ?? best)}; the lowest flags most`);
  page.row("host's grid", `recommends ${short(grid.recommended.threshold)} of ${String(grid.candidates.length)} points over the same labels`);
  page.row('note', 'the cost is that on these very calls: on new ones expect more', 'quiet');
}
