import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cli } from '../cli.js';
import type { Page } from '../layout.js';
import { namePage, writeReport } from '../report/report.js';
import { pathOf } from './data.js';

/** Where the page goes, and which version of the program writes it. */
export interface OnePage {
  /** Left out: a new folder among the system's temporary files. */
  readonly out: string | undefined;
  readonly version: string;
}

/** Writes all of it as one page and names the file. */
export async function showOnePage(cli: Cli, page: Page, { out, version }: OnePage, ask: (question: string, command: string) => void): Promise<void> {
  ask('9. All of it on one page, to look at and to hand on', 'report npm-incident.ledger.json npm-incident.calls.jsonl --baseline npm-approved.ledger.json npm-approved.calls.jsonl --labels npm-incident.labels.csv -o report.html');
  const target = out ?? join(mkdtempSync(join(tmpdir(), 'hindcast-demo-')), 'report.html');
  const files = [pathOf('incident', 'ledger.json'), pathOf('incident', 'calls.jsonl')];
  const baseline = [pathOf('approved', 'ledger.json'), pathOf('approved', 'calls.jsonl')];
  await writeReport(cli, { files, baseline, policy: undefined, labels: pathOf('incident', 'labels.csv'), version }, target);
  page.text('  The records are whole, and what they show is not what was approved.', 'bad');
  namePage(cli.io, target);
}
