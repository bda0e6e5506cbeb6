import type { Baseline } from '../baseline/baseline.js';
import type { DriftReport } from '../baseline/drift.js';
import type { NovelCall } from '../baseline/trace/novel.js';
import type { VerificationReport } from '../ledger/report.js';
import type { RecomputeReport } from '../replay/recompute.js';
import type { Detection, RegimeStream } from './changes.js';
import type { PolicyFindings } from './policy.js';
import type { LabelFindings } from './labels.js';
import type { TimelineRows } from './timeline-rows.js';

/** What a question came to: an answer, or why there is none. */
export type Answer<T> = { readonly found: T } | { readonly found: null; readonly why: string };

/** A file that something on the page rests on. */
export interface ReportFile {
  /** What it was given as: `input`, `baseline`, `policy`, `labels`. */
  readonly role: string;
  /** Its name without folders where that tells it apart. */
  readonly name: string;
  /** What it holds, in words. */
  readonly holds: string;
  readonly sizeBytes: number | null;
  readonly sha256: string;
}

/** One file that the page is about. */
export interface ReportInput {
  readonly file: ReportFile;
  /** Why it could not be read; null where it could. */
  readonly unreadable: string | null;
  readonly isLedger: boolean;
  readonly rowCount: number;
  /** First row of the timeline that is its own. */
  readonly firstRow: number;
  /** Records that could not be made into rows, and the first of them in words. */
  readonly rejectCount: number;
  readonly firstRejects: readonly string[];
  /** Rows of it that are calls of a ledger on the page and were put beside these. */
  readonly joinedCount: number;
  readonly verification: Answer<VerificationReport>;
  readonly replay: Answer<RecomputeReport>;
}

/** A call that touches what no approved call touched, and where it stands on the timeline. */
export interface NovelRow {
  readonly call: NovelCall;
  readonly row: number | null;
}

/** What the calls touch that approved calls did not. */
export interface NovelFindings {
  readonly calls: number;
  readonly withoutResource: number;
  readonly rows: readonly NovelRow[];
  readonly approvedCalls: number;
  readonly approvedResources: number;
  /** How resources were told apart, in words. */
  readonly rules: string;
}

/** Everything that a page says. */
export interface Report {
  /** Version of the program. */
  readonly version: string;
  /** Options as given, by name. */
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly inputs: readonly ReportInput[];
  /** Files given beside the inputs. */
  readonly others: readonly ReportFile[];
  readonly rows: TimelineRows;
  readonly novel: Answer<NovelFindings>;
  readonly drift: Answer<readonly DriftReport[]>;
  readonly baselines: Answer<readonly Baseline[]>;
  readonly detections: Answer<readonly Detection[]>;
  readonly regimes: Answer<readonly RegimeStream[]>;
  readonly policy: Answer<PolicyFindings>;
  readonly labels: Answer<LabelFindings>;
}
