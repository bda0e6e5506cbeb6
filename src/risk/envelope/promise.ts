import type { EnvelopeLevel } from './bounds.js';
import type { Envelope, EnvelopeSides } from './envelope.js';

/** How bounds on a measure are had. */
export function methodOf(measure: string, delta: number | null): Envelope['method'] {
  if (measure === 'error') return 'Clopper-Pearson';
  return delta === null ? 'split conformal' : 'tolerance interval';
}

/** A probability in percent, with all its digits: 99.9999999 % must not become 100 %. */
const percentOf = (x: number): string => `${String(Number((100 * x).toPrecision(12)))} %`;

const WHERE: Readonly<Record<EnvelopeSides, string>> = { two: 'outside its bounds', lower: 'below its bound', upper: 'above its bound' };

function statementOf(method: Envelope['method'], { alpha, delta, sides }: EnvelopeLevel): { readonly guarantee: string; readonly first: string } {
  if (method === 'Clopper-Pearson') {
    return {
      guarantee: `with ${percentOf(1 - alpha)} confidence the failure rate of a group is within its limits, each group by itself`,
      first: 'calls of a group fail independently with one probability; failures that come in bursts make the limits too narrow',
    };
  }
  if (delta === null) {
    return {
      guarantee: `the next value of a group is ${WHERE[sides]} with probability at most ${percentOf(alpha)}, over the draw of its calibration values and the next one`,
      first: 'the calibration values of a group and the next one are exchangeable; values that hang together (a burst, a retry loop, one session) make more of them fall outside than promised',
    };
  }
  return {
    guarantee: `with ${percentOf(1 - delta)} confidence over the draw of its calibration values, at most ${percentOf(alpha)} of a group's values to come are ${WHERE[sides]}; each group by itself`,
    first: 'the values of a group are independent draws of one law; values that hang together (a burst, a retry loop, one session) make more of them fall outside than promised',
  };
}

/** What has to be believed of a baseline that was named, since comparing did not show it. */
function apartOf({ sources, baseline: { dataHashes, compared } }: Envelope['provenance']): readonly string[] {
  if (dataHashes.length === 0 || compared === 'entry by entry') return [];
  if (sources.some(({ kind }) => kind === 'file')) return ['no calibration trace is one of the baseline\'s or a part of one: calls without entry hashes cannot be compared with it, since call ids and arguments do not identify an entry; the ledger of these calls could be'];
  if (compared === 'not at all') return ['no calibration trace is one of the baseline\'s or a part of one: not all were compared with it'];
  return ['no calibration trace is a piece cut out of the baseline\'s: the baseline\'s data hash cannot show it; its ledger can (--baseline-ledger)'];
}

/** The promise of an envelope and what it rests on, from what else the envelope says. */
export function promiseOf(method: Envelope['method'], level: EnvelopeLevel, provenance: Envelope['provenance']): Pick<Envelope, 'guarantee' | 'assumes'> {
  const { guarantee, first } = statementOf(method, level);
  return { guarantee, assumes: [first, 'the next calls are made as the calibration calls were: same program, same work, same machine', ...apartOf(provenance)] };
}
