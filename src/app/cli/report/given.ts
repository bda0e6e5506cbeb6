import { basename } from 'node:path';
import { BASELINE_SCHEMA } from '../../../baseline/baseline.js';
import { PI_BASELINE_SCHEMA } from '../../../baseline/pi-model.js';
import { InputError } from '../../../errors.js';
import { ledgerImporter } from '../../../replay/import-ledger.js';
import { TRACE_IMPORTERS } from '../../../replay/importers.js';
import type { ReportFile } from '../../../report/report.js';
import { sourceHead } from '../../../trace/import/source-head.js';
import { sizeOfFile } from '../../files.js';
import { peekInput } from '../../input.js';
import { formOfContent } from '../../trace-files/form.js';
import { isTrace, sha256Of } from '../../trace-files/vetted.js';
import { BASELINES_SCHEMA } from '../baseline/baseline.js';
import { isFitted } from '../trace/novel.js';

/** What a file is, by its content. */
type FileKind = 'ledger' | 'trace' | 'calls' | 'baseline' | 'resources';

/** A file that was given, and what it is. */
export interface GivenFile {
  readonly path: string;
  readonly kind: FileKind;
  readonly file: ReportFile;
}

const FITTED = new RegExp(`"schema"\\s*:\\s*"(?:${[BASELINE_SCHEMA, BASELINES_SCHEMA, PI_BASELINE_SCHEMA].map((schema) => schema.replaceAll('.', '\\.')).join('|')})"`);

function kindOf(path: string, head: Uint8Array): readonly [FileKind, string] {
  if (isTrace(head)) return ['trace', `a trace table (${formOfContent(head) ?? 'JSON Lines'})`];
  if (isFitted(path)) return ['resources', 'fitted resources'];
  if (FITTED.test(Buffer.from(head.subarray(0, 4096)).toString('latin1'))) return ['baseline', 'a fitted baseline'];
  const { layout, ...rest } = sourceHead(head);
  const importer = TRACE_IMPORTERS.find((each) => each.recognises({ layout, ...rest }));
  if (importer === ledgerImporter) return ['ledger', layout === 'lines' ? 'a risk ledger (JSON Lines)' : 'a risk ledger (artifact)'];
  return ['calls', importer === undefined ? 'of no known kind' : importer.reads.replace(/ \(.*/, '')];
}

/** Names without folders where these tell the files apart, so that a page does not depend on where it was made. */
function namesOf(paths: readonly string[]): readonly string[] {
  const short = paths.map((path) => basename(path));
  return short.map((name, i) => (short.indexOf(name) === i && short.lastIndexOf(name) === i ? name : (paths[i] ?? name)));
}

/** The same input twice would count every call twice. */
function requireDistinct(files: readonly GivenFile[]): void {
  const seen = new Map<string, string>();
  for (const { path, file: { sha256 } } of files.filter((each) => each.file.role === 'input')) {
    const before = seen.get(sha256);
    if (before !== undefined) throw new InputError('NOT_DISJOINT', `${path} has the content of ${before}, by its hash: every call in it would count twice, so give it once`);
    seen.set(sha256, path);
  }
}

/**
 * Looks at files that were given: name, kind, size and hash.
 *
 * @throws {@link InputError} NOT_DISJOINT naming both where two inputs are the same
 */
export function lookAt(given: readonly { readonly path: string; readonly role: string }[]): GivenFile[] {
  const names = namesOf(given.map(({ path }) => path));
  const files = given.map(({ path, role }, i): GivenFile => {
    const data = role === 'input' || role === 'baseline';
    const [kind, holds] = data ? kindOf(path, peekInput(path) ?? new Uint8Array(0)) : (['calls', role === 'labels' ? 'labels of calls' : 'a policy'] as const);
    return { path, kind, file: { role, name: names[i] ?? path, holds, sizeBytes: sizeOfFile(path), sha256: sha256Of(path) } };
  });
  requireDistinct(files);
  return files;
}
