import { conjugateDefault } from '../../../risk/regime/conjugate-default.js';
import type { BocpdParams } from '../../../risk/regime/bocpd.js';
import { RUN_LENGTH_CONVENTION } from '../../../risk/regime/run-length-posterior.js';
import { transformOf, type Designed, type Sample } from './promise.js';
import type { DetectSettings, FamilyName } from './settings.js';

const MODELS: Readonly<Record<FamilyName, 'normal-inverse-gamma' | 'gamma-exponential' | 'beta-bernoulli' | 'gamma-poisson'>> = {
  gaussian: 'normal-inverse-gamma',
  bounded: 'normal-inverse-gamma',
  exponential: 'gamma-exponential',
  bernoulli: 'beta-bernoulli',
  poisson: 'gamma-poisson',
};

/** An alarm asks for a change within so many observations, more likely than not. */
const WINDOW = 30;
const ABOVE = 0.5;

/** Sets up Bayesian detection with the approved observations for a prior; nothing is promised of its alarms. */
export function bocpdDesign(settings: DetectSettings, sample: Sample | null): Designed {
  const values = sample?.values ?? [];
  const model = conjugateDefault(MODELS[settings.family], values);
  if ('what' in model) return { refusal: { code: 'TOO_FEW', reason: `${model.what}: ${model.reason}`, n: model.n, needed: model.neededN } };
  const { hazard: lambda } = settings;
  const params: BocpdParams = { model, hazard: { type: 'constant', lambda }, alarm: { window: WINDOW, above: ABOVE, then: settings.afterAlarm === 'latch' ? 'continue' : 'restart' } };
  return {
    design: {
      family: settings.family,
      transform: transformOf(settings),
      approvedMean: values.reduce((sum, x) => sum + x, 0) / values.length,
      spec: { detector: 'bocpd', params },
      promise: {
        watches: `${settings.family} observations of unknown parameters, a change once in ${String(lambda)} expected`,
        origin: `prior of the worth of one observation from ${sample?.origin ?? ''}`,
        m: values.length,
        threshold: { value: ABOVE, down: null, unit: `chance of a change within ${String(WINDOW)} observations`, how: 'more likely than not; not calibrated' },
        arl0: null,
        conditional: null,
        alarmWithin: [],
        delays: [],
        guarantee: null,
        assumes: `the model, its prior and the hazard; run length: ${RUN_LENGTH_CONVENTION}`,
        notes: [],
      },
    },
  };
}
