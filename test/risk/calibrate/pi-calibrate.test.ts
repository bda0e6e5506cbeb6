import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calibrate, controllerLabels, parseLabels, piCalibrate, piDefaultGrid, piThresholdGrid, type InputError, type LedgerColumns, type VerificationReport, type VerifiedLedger } from '../../../src/index.js';
import { runGolden } from '../../../tools/golden/run.js';
import { subject } from '../../../tools/golden/subjects/calibrate.js';

/** A consistent ledger in columns: scores, and 1 where the controller denied. */
function ledger(scores: readonly number[], denied: readonly number[] = scores.map(() => 0)): VerifiedLedger {
  const columns = {
    count: scores.length,
    riskScore: Float64Array.from(scores),
    action: Uint8Array.from(denied, (d) => (d === 1 ? 2 : 1)),
    state: new Uint8Array(scores.length),
    failed: new Uint8Array(scores.length),
    callIds: scores.map((_, i) => `c${String(i)}`),
  } as unknown as LedgerColumns;
  return { columns, report: { consistent: true, entryCount: scores.length, header: null, computedDataHash: 'h' } as VerificationReport };
}

function codeOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return (error as InputError).code;
  }
}

describe('piCalibrate', () => {
  it('gives the host\'s report in every golden case', () => {
    expect(runGolden(readFileSync('test/golden/calibrate.json'), subject)).toEqual({ passed: 56, failures: [] });
  });

  it('returns the threshold in force when the labels are the decisions that threshold made', () => {
    const scores = Array.from({ length: 400 }, (_, i) => ((i * 37) % 400) / 400);
    for (const inForce of [0.3, 0.5, 0.65, 0.8]) {
      const own = ledger(scores, scores.map((x) => (x >= inForce ? 1 : 0)));
      expect(piCalibrate(own, { baselineThreshold: inForce, thresholdGrid: piThresholdGrid({ step: 0.05 }) }).recommended_threshold).toBeCloseTo(inForce, 12);
    }
  });

  it('refuses an objective it does not know', () => {
    expect(codeOf(() => piCalibrate(ledger([0.1]), { objective: 'speed' as 'balanced_accuracy' }))).toBe('BAD_PARAM');
  });
});

describe('piThresholdGrid', () => {
  it('adds up where the library multiplies, so the default grids differ in their last bits', () => {
    expect(piThresholdGrid()).toHaveLength(19);
    expect([...piThresholdGrid()]).not.toEqual([...piDefaultGrid()]);
  });

  it.each([
    [{ minThreshold: NaN }, 'GRID_NOT_FINITE'],
    [{ maxThreshold: Infinity }, 'GRID_NOT_FINITE'],
    [{ step: NaN }, 'GRID_NOT_FINITE'],
    [{ step: -0.1 }, 'STEP_NOT_POSITIVE'],
    [{ minThreshold: 0.5, maxThreshold: 0.4 }, 'MIN_ABOVE_MAX'],
    [{ step: 1e-300 }, 'GRID_TOO_LARGE'],
  ])('refuses %j', (range, code) => {
    expect(codeOf(() => piThresholdGrid(range))).toBe(code);
  });
});

describe('calibrate', () => {
  it('says that labels from the controller are circular', () => {
    const report = calibrate([ledger([0.1, 0.9], [0, 1])]);
    expect(report.labelSource).toBe('controller');
    expect(report.labelNote).toContain('circular');
  });

  it('finds the thresholds that part given labels, whatever the controller did', () => {
    const report = calibrate([ledger([0.1, 0.2]), ledger([0.3])], { labels: parseLabels('call_id,label\nc1,unsafe\nc2,safe\n') });
    expect(report.labels).toMatchObject({ callCount: 3, unlabelledCount: 2, unmatchedCount: 1 });
    expect(report.sweep).toMatchObject({ kind: 'refusal', neededN: 1 });
    const whole = calibrate([ledger([0.1, 0.6, 0.2])], { labels: parseLabels('call_id,label\nc0,safe\nc1,unsafe\nc2,safe\n') });
    expect(whole.best).toEqual({ threshold: 0.6, unsafeFlagged: 1, unsafePassed: 0, safeFlagged: 0, safePassed: 2, cost: 1.4 });
    expect(whole.inForce).toMatchObject({ threshold: 0.65, unsafePassed: 1 });
    expect(whole.grid.recommended.false_negative_rate).toBe(0);
  });

  it('writes "flag nothing" as a threshold of null', () => {
    const report = calibrate([ledger([0.9, 0.1])], { labels: parseLabels('call_id,label\nc0,safe\nc1,unsafe\n'), falsePositiveWeight: 100 });
    expect(report.best).toMatchObject({ threshold: null, unsafeFlagged: 0, safeFlagged: 0 });
  });

  it('refuses no ledger at all, a broken one, and weights that make no costs', () => {
    const broken = { ...ledger([0.1]), report: { consistent: false, faults: [] } as unknown as VerificationReport };
    expect(codeOf(() => calibrate([]))).toBe('TOO_FEW');
    expect(codeOf(() => calibrate([ledger([0.1]), broken]))).toBe('INVALID_LEDGER');
    expect(codeOf(() => calibrate([ledger([])]))).toBe('EMPTY_LEDGER');
    expect(codeOf(() => calibrate([ledger([0.1])], { falsePositiveWeight: NaN }))).toBe('BAD_PARAM');
  });

  it('counts a call unsafe for the controller if it failed, was denied, terminated or called unsafe', () => {
    const columns = { action: Uint8Array.of(0, 1, 2, 3, 0, 0), state: Uint8Array.of(0, 1, 0, 0, 2, 0), failed: Uint8Array.of(0, 0, 0, 0, 0, 1) } as unknown as LedgerColumns;
    expect([...controllerLabels(columns)]).toEqual([0, 0, 1, 1, 1, 1]);
  });
});
