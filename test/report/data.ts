import type { Report, ReportInput } from '../../src/report/report.js';
import type { TextCodes, TimelineRows } from '../../src/report/timeline-rows.js';
import { verifiedLedger } from '../../src/ledger/verify.js';
import { sealLedger } from '../../src/ledger/seal.js';
import { generateEntries } from '../../src/replay/generate/generate.js';
import { recomputeLedger } from '../../src/replay/recompute-ledger.js';

/** Texts that have broken pages before: tags, attributes, comments, templates, controls, directions, half characters. */
export const HOSTILE: readonly string[] = [
  '<script>globalThis.hurt = 1</script>', '</script><script>globalThis.hurt = 1</script>', '<img src=x onerror="globalThis.hurt = 1">', '"><svg onload=globalThis.hurt=1>',
  "' onmouseover='globalThis.hurt=1", '` onfocus=globalThis.hurt=1 autofocus `', '<!--', '-->', '<!--<script>', ']]>', '&lt;b&gt;', '&#x3c;script&#x3e;', '<style>*{display:none}</style>',
  'javascript:globalThis.hurt=1', '${globalThis.hurt=1}', '{{constructor.constructor("globalThis.hurt=1")()}}', '</title>', '</textarea>', '</style>', '<base href=//example.invalid>',
  '<meta http-equiv=refresh content="0;url=//example.invalid">', '<a href="javascript:globalThis.hurt=1">x</a>', '<iframe srcdoc="<script>parent.hurt=1</script>">', '\u2028\u2029', '\u202egnp.exe', '\u2066abc\u2069', '\u200b\u200c\ufeff',
  '\u0000\u0007\u001b[31m', 'a\rb\nc\td', '\ud800', '\udc00x', '__proto__', 'constructor', '\u05d0\u05d1\u05d2 abc', 'e\u0301\u0301\u0301\u0301', '\u{1f600}', '\u{e0041}\u{e0042}', "'; DROP TABLE calls; --", '=1+1', 'x'.repeat(5000), '',
];

const codesOf = (texts: readonly string[]): TextCodes => {
  const values = [...new Set(texts)];
  return { values, codes: Int32Array.from(texts, (text) => values.indexOf(text)) };
};

/** Rows whose every text is one of `texts`, in turn. */
export function rowsOf(count: number, texts: readonly string[] = ['read', 'write', 'exec']): TimelineRows {
  const column = (shift: number): string[] => Array.from({ length: count }, (_, i) => texts[(i + shift) % texts.length] ?? '');
  const decisions = ['allow', 'harden', 'deny', 'terminate'];
  return {
    count,
    tsMs: Float64Array.from({ length: count }, (_, i) => (i % 50 === 49 ? NaN : 1.7e12 + 10 * i)),
    input: new Int32Array(count),
    place: Int32Array.from({ length: count }, (_, i) => i + 1),
    actor: codesOf(column(0)),
    capability: codesOf(column(1)),
    decision: codesOf(Array.from({ length: count }, (_, i) => decisions[i % 4] ?? '')),
    outcome: codesOf(Array.from({ length: count }, (_, i) => (i % 7 === 0 ? 'timeout' : 'success'))),
    reason: codesOf(column(2)),
    state: codesOf(Array.from({ length: count }, () => 'safe_fast')),
    score: Float64Array.from({ length: count }, (_, i) => (i % 11 === 0 ? NaN : i / count)),
    latency: Float64Array.from({ length: count }, (_, i) => i),
    callId: column(3),
    resource: column(4),
    marks: Uint8Array.from({ length: count }, (_, i) => (i % 7 === 0 ? 64 : 0) | (i === 3 ? 4 : 0) | (i === 5 ? 16 : 0)),
    label: Uint8Array.from({ length: count }, (_, i) => (i === 3 ? 2 : 1)),
    notes: new Map([[3, texts.slice(0, 5)], [5, ['changes here']]]),
  };
}

const ENTRIES = [...generateEntries({ entries: 60, seed: 5 })].map(({ entry }) => entry);
const LEDGER = sealLedger(ENTRIES, { generatedAtMs: 0n });

/** A ledger among the inputs. */
export function ledgerInput(name = 'run.ledger.json'): ReportInput {
  return {
    file: { role: 'input', name, holds: 'a risk ledger (artifact)', sizeBytes: 1000, sha256: '00' },
    unreadable: null, isLedger: true, rowCount: 60, firstRow: 0, rejectCount: 0, firstRejects: [], joinedCount: 0,
    verification: { found: verifiedLedger(LEDGER).report },
    replay: { found: recomputeLedger(LEDGER) },
  };
}

const why = (text: string): { readonly found: null; readonly why: string } => ({ found: null, why: text });

/** A report on one ledger with nothing to compare it with. */
export function reportOf(changes: Partial<Report> = {}): Report {
  return {
    version: '1.2.3', options: [], inputs: [ledgerInput()], others: [], rows: rowsOf(60),
    novel: why('no approved calls'), drift: why('no baseline'), baselines: why('no baseline'), detections: why('no baseline'), regimes: why('no order'), policy: why('no policy'), labels: why('no labels'),
    ...changes,
  };
}
