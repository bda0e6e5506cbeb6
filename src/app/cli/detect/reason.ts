import type { StreamKind } from '../../series/record.js';
import { short } from '../calibrate/page.js';
import type { WatchDesign } from './promise.js';
import { counted } from '../ledger/verify-page.js';

/** What an alarm is explained by. */
export interface Grounds {
  readonly kind: StreamKind;
  readonly design: WatchDesign;
  readonly side: 'up' | 'down' | null;
  /** Mean of the transformed figures since the change; null where no change is named. */
  readonly since: number | null;
  /** Figures since the change. */
  readonly count: number | null;
  /** Whether times are in milliseconds. */
  readonly epochMs: boolean;
}

/** What a figure is called, and what it is when it is larger and smaller. */
const WORDS: Readonly<Record<StreamKind, readonly [noun: string, larger: string, smaller: string]>> = {
  interval: ['wait', 'calls are less frequent', 'calls are more frequent'],
  latency: ['call', 'calls take longer', 'calls are faster'],
  score: ['score', 'scores are higher', 'scores are lower'],
  bytes: ['request', 'calls send more', 'calls send less'],
  error: ['call', 'failures are more frequent', 'failures are less frequent'],
  value: ['value', 'values are higher', 'values are lower'],
  capability: ['call', 'calls differ', 'calls differ'],
};

/** How much larger or smaller, where that says something. */
function factorText(since: number, approved: number, kind: StreamKind): string {
  if (!(since > 0 && approved > 0) || kind === 'value') return '';
  // Shorter waits are a higher rate.
  const factor = kind === 'interval' ? approved / since : since / approved;
  const [more, less] = kind === 'interval' || kind === 'error' ? ['often', 'seldom'] : ['high', 'low'];
  return factor >= 1 ? `, ${short(factor, 2)} times as ${more}` : `, ${short(1 / factor, 2)} times as ${less}`;
}

function levelText(x: number, { transform }: WatchDesign): number {
  return transform === 'none' ? x : Math.expm1(x);
}

function figureText({ kind, epochMs }: Grounds, since: number, count: number, level: number): string {
  const [noun] = WORDS[kind];
  if (kind === 'error') return `${String(Math.round(since * count))} of ${counted(count, noun)} failed`;
  const unit = kind === 'latency' || (kind === 'interval' && epochMs) ? ' ms' : kind === 'bytes' ? ' bytes' : '';
  return `${counted(count, noun)} of ${count === 1 ? '' : 'mean '}${short(level)}${unit}`;
}

function directionText([, larger, smaller]: (typeof WORDS)[StreamKind], since: number, approved: number): string {
  if (since === approved) return 'the spread has changed';
  return since > approved ? larger : smaller;
}

/** Why there was an alarm, in words. */
export function reasonOf(grounds: Grounds): string {
  const { kind, design, since, count } = grounds;
  if (since === null || count === null) return design.spec.detector === 'host' ? "the host's detector reports a change" : 'the statistic is above its threshold';
  const level = levelText(since, design);
  const figure = figureText(grounds, since, count, level);
  const { approvedMean } = design;
  if (approvedMean === null) return `${figure} since the change`;
  const approved = levelText(approvedMean, design);
  const [most, least] = design.atMost === true ? ['at most ', ', at least'] : ['', ','];
  const normal = kind === 'error' ? `${short(100 * approved, 3)} %` : short(approved);
  return `${directionText(WORDS[kind], since, approvedMean)}: ${figure}, approved ${most}${normal}${factorText(level, approved, kind).replace(/^,/, least)}`;
}
