import { InvalidArgumentError } from 'commander';
import { parseJson } from '../../ledger/lexeme.js';
import type { Envelope } from '../../risk/envelope/envelope.js';
import { parseEnvelope } from '../../risk/envelope/parse.js';
import { parsePolicy } from '../../risk/policy/make.js';
import { parseThreshold } from '../../risk/policy/parse-threshold.js';
import { POLICY_BANDS, type Policy, type PolicyBand, type PolicyThreshold } from '../../risk/policy/policy.js';
import { readBytes } from '../files.js';
import { naming } from './ledgers.js';
import { reportedDetectors, runnerOf, type ReportedDetectors } from './policy-detector.js';

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

/** Reads a threshold of `hindcast calibrate --method --json`. */
export function readThreshold({ band, path }: NamedThreshold): PolicyThreshold {
  return naming(path, () => ({ band, threshold: parseThreshold(parseJson(readBytes(path))) }));
}

/** Reads an envelope of `hindcast envelope fit`. */
export function readEnvelope(path: string): Envelope {
  return naming(path, () => parseEnvelope(parseJson(readBytes(path))));
}

/** Reads the detectors of a report of `hindcast detect --json`. */
export function readDetectors(path: string): ReportedDetectors {
  return naming(path, () => reportedDetectors(parseJson(readBytes(path))));
}

/** Reads a policy, and sees that its detectors run. */
export function readPolicy(path: string): Policy {
  return naming(path, () => {
    const policy = parsePolicy(parseJson(readBytes(path)));
    policy.detectors.forEach(runnerOf);
    return policy;
  });
}
