import type { LedgerColumns, VerifiedLedger } from '../../src/index.js';

/** One row of a ledger as statistics see it. */
export interface Row {
  readonly actor?: string;
  readonly capability?: string;
  readonly score?: number;
  readonly tsMs?: number;
  readonly failed?: boolean;
  readonly state?: number;
}

function dictionary(values: readonly string[]): { values: string[]; codes: Int32Array } {
  const distinct = [...new Set(values)];
  return { values: distinct, codes: Int32Array.from(values, (value) => distinct.indexOf(value)) };
}

/** Columns of given rows, as verified as the rows say. */
export function ledgerOf(rows: readonly Row[], dataHash: string = 'd'.repeat(64)): VerifiedLedger {
  const columns: LedgerColumns = {
    count: rows.length,
    tsMs: Float64Array.from(rows, (row, i) => row.tsMs ?? i),
    riskScore: Float64Array.from(rows, (row) => row.score ?? 0.5),
    actor: dictionary(rows.map((row) => row.actor ?? 'a')),
    capability: dictionary(rows.map((row) => row.capability ?? 'exec')),
    action: new Uint8Array(rows.length),
    state: Uint8Array.from(rows, (row) => row.state ?? 0),
    failed: Uint8Array.from(rows, (row) => (row.failed === true ? 1 : 0)),
    callIds: null,
  };
  const report: VerifiedLedger['report'] = {
    form: 'json-lines',
    header: null,
    entryCount: rows.length,
    firstHash: null,
    lastHash: null,
    computedDataHash: dataHash,
    consistent: true,
    faultCount: 0,
    faults: [],
    possibleCutAtFront: false,
    writer: 'newer or older',
    ownSpellingCount: 0,
    reformattedCount: 0,
    unknownFields: [],
  };
  return { report, columns };
}
