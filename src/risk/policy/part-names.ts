import type { Envelope } from '../envelope/envelope.js';
import type { PolicyDetector, PolicyThreshold } from './policy.js';

/** A part's name in words, the same wherever the policy speaks of it. */
export const thresholdName = ({ band }: PolicyThreshold): string => `threshold ${band}`;

/** See {@link thresholdName}. */
export const envelopeName = ({ measure, by }: Envelope): string => `envelope ${measure} by ${by}`;

/** See {@link thresholdName}. */
export const detectorName = ({ kind, stream, by, streams }: PolicyDetector): string => {
  const of = streams.map(({ actor, capability }) => [actor, capability].filter((part) => part !== null).join(' ')).filter((label) => label !== '');
  return `detector ${kind} of ${stream} by ${by}${of.length === 0 ? '' : ` (${of.join(', ')})`}`;
};
