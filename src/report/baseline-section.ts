import type { Baseline } from '../baseline/baseline.js';
import type { CapabilityEvidence } from '../baseline/capability-evidence.js';
import type { CapabilityDrift, DriftReport } from '../baseline/drift.js';
import type { Refusal } from '../baseline/refusal.js';
import { scoreFigure } from '../plot/distributions.js';
import { driftScoreFigure } from '../plot/drift-figures.js';
import { html, outside, type Html, type HtmlPart } from './html.js';
import { bullets, notThere, picture, table } from './parts.js';
import type { Report } from './report.js';
import { chance, counted, grouped, listed, percent, short } from './words.js';

const score = (x: number | null): string => (x === null ? '?' : x.toFixed(3));

/** Refusals of one kind together, capability by capability. */
function refusals(found: readonly Refusal[]): HtmlPart {
  const kinds = new Map<string, { readonly refusal: Refusal; readonly of: string[] }>();
  for (const refusal of found) {
    const { what, capability, n, neededN } = refusal;
    const key = JSON.stringify([what, neededN, neededN === null ? refusal.reason : '']);
    const kind = kinds.get(key) ?? { refusal, of: [] };
    kind.of.push(`${capability === null ? '' : `${capability}: `}n = ${grouped(n)}`);
    kinds.set(key, kind);
  }
  if (kinds.size === 0) return null;
  return html`<p>Not enough data to say:</p>${bullets([...kinds.values()].slice(0, 20).map(({ refusal: { what, neededN, reason }, of }) => html`${what} <span class="quiet">${outside(`(${listed(of, 8)}${neededN === null ? `; ${reason}` : `; ${grouped(neededN)} needed`})`, 400)}</span>`))}`;
}

function limits(lower: number | null, upper: number | null): string {
  return lower === null && upper === null ? 'none' : `${score(lower)} to ${score(upper)}`;
}

const NO_QUANTILE = { value: null, lower: null, upper: null };

function evidenceCells({ capability, n, quantiles, errorRate, nullScores }: CapabilityEvidence): HtmlPart[] {
  const at = (p: number): Pick<CapabilityEvidence['quantiles'][number], 'value' | 'lower' | 'upper'> => quantiles.find((quantile) => quantile.p === p) ?? NO_QUANTILE;
  const median = at(0.5);
  return [
    outside(capability, 60), grouped(n), score(median.value), limits(median.lower, median.upper),
    `${score(at(0.05).value)} to ${score(at(0.95).value)}`, percent(errorRate.rate), `${percent(errorRate.lower)} to ${percent(errorRate.upper)}`,
    nullScores === 0 ? '' : `${grouped(nullScores)} scores null`,
  ];
}

function baseline(fitted: Baseline): Html {
  const { actor, evidence, refusals: refused } = fitted;
  const level = `${short(100 * evidence.level)} % limits`;
  return html`<h3>What was normal <span class="quiet">for ${outside(actor, 80)}</span></h3>
${table(`Baseline of ${actor}`, [{ title: 'capability' }, { title: 'calls', number: true }, { title: 'median score', number: true }, { title: level }, { title: '5 % to 95 %' }, { title: 'failed', number: true }, { title: level }, { title: 'to know' }], evidence.capabilities.map((row) => ({ cells: evidenceCells(row) })))}${picture(scoreFigure(fitted))}${refusals(refused)}`;
}

function test(result: { readonly adjustedP: number; readonly rejected: boolean } | null): HtmlPart {
  if (result === null) return 'no test';
  return result.rejected ? html`<b class="bad">${chance(result.adjustedP)} rejected</b>` : chance(result.adjustedP);
}

function driftCells({ capability, baselineN, liveN, scores, errorRate, host }: CapabilityDrift): HtmlPart[] {
  const change = (a: string, b: string): string => `${a} \u2192 ${b}`;
  return [
    outside(capability, 60), change(grouped(baselineN), grouped(liveN)),
    scores === null ? '\u2013' : change(score(scores.baseline.median), score(scores.live.median)), test(scores),
    errorRate === null ? '\u2013' : change(percent(errorRate.baseline.rate), percent(errorRate.live.rate)), test(errorRate),
    host.drift_detected ? 'alarm' : 'quiet',
  ];
}

function drift(report: DriftReport): Html {
  const { actor, capabilities, newCapabilities, absentLive, alpha, testCount, assumption, refusals: refused, verdict } = report;
  const said = verdict === 'drift' ? html`<p class="bad">A test finds drift.</p>` : html`<p>${verdict === 'not enough data' ? 'Not enough data to say.' : 'No test finds drift.'}</p>`;
  return html`<h3>Has it changed? <span class="quiet">${outside(actor, 80)}</span></h3>${said}
${table(`Drift of ${actor}`, [{ title: 'capability' }, { title: 'calls', number: true }, { title: 'median score', number: true }, { title: 'p of scores', number: true }, { title: 'failed', number: true }, { title: 'p of failures', number: true }, { title: 'host\u2019s thresholds' }], capabilities.map((row) => ({ cells: driftCells(row), found: row.scores?.rejected === true || row.errorRate?.rejected === true })))}
${picture(driftScoreFigure(report))}
<p class="quiet">Baseline \u2192 now. ${counted(testCount, 'test')}; if nothing has changed, any of them rejects with probability at most ${short(alpha)} (Holm). Assumed: ${assumption}. New capabilities and the host\u2019s own thresholds stand outside that promise.</p>
${bullets([...(newCapabilities.length > 0 ? [html`New capabilities, which the baseline has never seen: ${outside(listed(newCapabilities, 10), 300)}`] : []), ...(absentLive.length > 0 ? [html`In the baseline, not used here: ${outside(listed(absentLive, 10), 300)}`] : [])])}${refusals(refused)}`;
}

/** What was normal, with its limits, and whether it still holds. */
export function baselineSection(report: Report): Html {
  const { drift: drifted, baselines } = report;
  const normal = baselines.found === null ? null : baselines.found.map(baseline);
  const changed = drifted.found === null ? notThere(drifted.why) : drifted.found.map(drift);
  return html`<section id="baseline" aria-labelledby="baseline-title"><h2 id="baseline-title">Baseline and drift</h2>
<p class="lead">What approved calls were like, how sure that is, and whether these calls still are.</p>
${changed}${normal}</section>\n`;
}
