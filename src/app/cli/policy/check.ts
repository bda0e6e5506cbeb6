import type { Cli } from '../cli.js';
import { reportJson, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { requireRereadable, withTraces } from '../ledgers.js';
import { withOutput } from '../output.js';
import { showPolicyCheck } from './check-page.js';
import { checkPolicy, codeOfPolicyCheck } from './check-report.js';
import { readPolicy } from './parts.js';

/** Options of `hindcast policy check`. */
export interface PolicyCheckOptions {
  readonly source?: readonly string[];
  readonly ledger?: readonly string[];
  readonly sort?: boolean;
  readonly alpha: number;
  readonly json?: boolean;
  readonly out?: string;
}

/** Runs `hindcast policy check`. */
export async function policyCheck(cli: Cli, file: string, { source: sources = [], ledger: ledgers = [], sort = false, alpha, json = false, out }: PolicyCheckOptions): Promise<void> {
  requireRereadable([...sources, ...ledgers], 'hindcast policy check');
  await withOutput(cli.io, out, [file, ...sources, ...ledgers], (output) => withTraces(cli, [...sources, ...ledgers], (own) => {
    const report = checkPolicy(own, readPolicy(file), { file, sources, ledgers, sort, alpha });
    if (json) writeJson(output, `${reportJson(report)}\n`);
    else showPolicyCheck(openPage(output.write, output.colour), report);
    cli.exit(codeOfPolicyCheck(report));
  }));
}
