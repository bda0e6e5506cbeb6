import { diffPolicies, type PolicyChange } from '../../../risk/policy/diff.js';
import type { Policy } from '../../../risk/policy/policy.js';
import type { Cli } from '../cli.js';
import { EXIT } from '../exit.js';
import { reportJson, writeJson } from '../json.js';
import { openPage, type Page } from '../layout.js';
import { withOutput } from '../output.js';
import { readPolicy } from './parts.js';
import { counted } from '../ledger/verify-page.js';

/** Options of `hindcast policy diff`. */
export interface PolicyDiffOptions {
  readonly json?: boolean;
  readonly out?: string;
}

/** What `hindcast policy diff` reports. */
interface DiffReport {
  readonly schema: 'hindcast.policy-diff.v1';
  readonly before: { readonly file: string; readonly name: string; readonly contentHash: string };
  readonly after: DiffReport['before'];
  readonly changes: readonly PolicyChange[];
}

const valueText = (value: PolicyChange['before']): string => (value === null || value === '' ? 'nothing' : String(value));

function rowOf({ kind, before, after }: PolicyChange): string {
  if (kind === 'added') return `new: ${valueText(after)}`;
  return kind === 'removed' ? `no longer; was ${valueText(before)}` : `${valueText(before)} -> ${valueText(after)}${shift(before, after)}`;
}

/** By how much a number changed. */
function shift(before: PolicyChange['before'], after: PolicyChange['before']): string {
  if (typeof before !== 'number' || typeof after !== 'number') return '';
  return ` (${after > before ? '+' : ''}${String(Number((after - before).toPrecision(4)))})`;
}

function showPart(page: Page, part: string, changes: readonly PolicyChange[]): void {
  page.gap();
  const [first] = changes;
  if (first?.what === null) {
    page.text(`${part}: ${first.kind === 'added' ? 'new' : 'no longer there'}`, first.kind === 'added' ? 'good' : 'bad');
    return;
  }
  page.text(part, 'strong');
  for (const change of changes) page.text(`  ${change.what ?? ''}: ${rowOf(change)}`);
}

function showDiff(page: Page, { before, after, changes }: DiffReport): void {
  const parts = new Set(changes.map(({ part }) => part));
  if (changes.length === 0) page.verdict('good', 'no difference: the policies say the same');
  else page.verdict('bad', `${counted(changes.length, 'change')} in ${counted(parts.size, 'part')}`);
  page.row('before', `${before.file} (${before.contentHash.slice(0, 16)}...)`);
  page.row('after', `${after.file} (${after.contentHash.slice(0, 16)}...)`);
  for (const part of parts) showPart(page, part, changes.filter((change) => change.part === part));
}

/** Runs `hindcast policy diff`. */
export async function policyDiff(cli: Cli, [before, after]: readonly [string, string], { json = false, out }: PolicyDiffOptions): Promise<void> {
  await withOutput(cli.io, out, [before, after], (output) => {
    const [a, b] = [readPolicy(before), readPolicy(after)];
    const side = (file: string, { name, contentHash }: Policy): DiffReport['before'] => ({ file, name, contentHash });
    const report: DiffReport = { schema: 'hindcast.policy-diff.v1', before: side(before, a), after: side(after, b), changes: diffPolicies(a, b) };
    if (json) writeJson(output, `${reportJson(report)}\n`);
    else showDiff(openPage(output.write, output.colour), report);
    cli.exit(report.changes.length === 0 ? EXIT.holds : EXIT.mismatch);
  });
}
