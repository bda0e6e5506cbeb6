import { piExport, type PiTarget } from '../../../risk/policy/pi-export.js';
import type { Cli } from '../cli.js';
import { say } from '../io.js';
import { reportJson, writeJson } from '../json.js';
import { withOutput } from '../output.js';
import { readPolicy } from './parts.js';

/** Options of `hindcast policy export`. */
export interface PolicyExportOptions {
  readonly for: PiTarget;
  readonly json?: boolean;
  readonly out?: string;
}

/** Runs `hindcast policy export`: the configuration goes where it is asked for, what is lost on the way to standard error. */
export async function policyExport(cli: Cli, file: string, { for: target, json = false, out }: PolicyExportOptions): Promise<void> {
  await withOutput(cli.io, out, [file], (output) => {
    const { contentHash, name, ...policy } = readPolicy(file);
    const { config, carried, clamped, notExpressible } = piExport({ ...policy, name, contentHash }, target);
    if (json) writeJson(output, `${reportJson({ schema: 'hindcast.policy-export.v1', target, policy: { file, name, contentHash }, config, carried, clamped, notExpressible })}\n`);
    else writeJson(output, `${reportJson(config)}\n`);
    for (const each of carried) say(cli.io, `carried over: ${each}`);
    for (const { key, asked, got } of clamped) say(cli.io, `clamped: ${key} is ${String(got)}, not ${String(asked)}`);
    for (const each of notExpressible) say(cli.io, `not expressible: ${each}`);
  });
}
