import { InvalidArgumentError } from 'commander';
import { InputError } from '../../../errors.js';
import type { JsonNode } from '../../../ledger/lexeme.js';
import { parseJson } from '../../../ledger/parse-json.js';
import type { Envelope } from '../../../risk/envelope/envelope.js';
import { parseEnvelope } from '../../../risk/envelope/parse.js';
import { parsePolicy } from '../../../risk/policy/make.js';
import { parseThreshold } from '../../../risk/policy/parse-threshold.js';
import { POLICY_BANDS, type Policy, type PolicyBand, type PolicyThreshold } from '../../../risk/policy/policy.js';
import { readBytes } from '../../files.js';
import { naming } from '../ledgers.js';
import { reportedDetectors, runnerOf, type ReportedDetectors } from './detector.js';

/** A threshold's file, and what a call at or above it gets. */
export interface NamedThreshold {
  readonly band: PolicyBand;
  readonly path: string;
}

/** Reads `BAND=FILE`, or a file alone, which denies; adds it to those before. */
export function thresholdArgument(argument: string, before: readonly NamedThreshold[] = []): readonly NamedThreshold[] {
  const band = POLICY_BANDS.find((each) => argument.startsWith(`${each}=`));
  const path = band === undefined ? argument : argument.slice(band.length + 1);
  if (path === '') throw new InvalidArgumentError('It must be FILE or BAND=FILE.');
  return [...before, { band: band ?? 'deny', path }];
}

/** Reads a part of a policy from its file. */
function readPart<T>(path: string, wrote: string, parse: (node: JsonNode) => T): T {
  const bytes = readBytes(path);
  return naming(path, () => {
    try {
      return parse(parseJson(bytes));
    } catch (error) {
      // A page for people looks the same from outside.
      if (!(error instanceof InputError) || error.code !== 'BAD_JSON' || bytes[0] === '{'.charCodeAt(0)) throw error;
      throw new InputError('BAD_JSON', `this is no JSON; it must be what ${wrote} wrote`, { cause: error });
    }
  });
}

/** Reads a threshold of `hindcast calibrate --method --json`. */
export function readThreshold({ band, path }: NamedThreshold): PolicyThreshold {
  return readPart(path, '"hindcast calibrate --method NAME --json"', (node) => ({ band, threshold: parseThreshold(node) }));
}

/** Reads an envelope of `hindcast envelope fit`. */
export function readEnvelope(path: string): Envelope {
  return readPart(path, '"hindcast envelope fit"', (node) => parseEnvelope(node));
}

/** Reads the detectors of a report of `hindcast detect --json`. */
export function readDetectors(path: string): ReportedDetectors {
  return readPart(path, '"hindcast detect --json"', (node) => reportedDetectors(node));
}

/** Reads a policy, and sees that its detectors run. */
export function readPolicy(path: string): Policy {
  return readPart(path, '"hindcast policy make"', (node) => {
    const policy = parsePolicy(node);
    policy.detectors.forEach(runnerOf);
    return policy;
  });
}
