import { betaBernoulli, dirichletCategorical } from './conjugate-counts.js';
import { gammaExponential, gammaPoisson } from './conjugate-gamma.js';
import type { ConjugateKernel } from './conjugate-kernel.js';
import { normalInverseGamma, normalKnownVariance } from './conjugate-normal.js';

/**
 * A model of the observations of one run, with its conjugate prior. The hyperparameters have units.
 *
 * - `normal-inverse-gamma`: normal, mean and variance unknown. mu in units of x, beta in their square.
 * - `normal-known-variance`: normal with this variance, mean unknown.
 * - `beta-bernoulli`: 0 or 1. - `gamma-poisson`: counts. - `gamma-exponential`: waiting times; `rate` in units of x.
 * - `dirichlet-categorical`: 0 .. alpha.length - 1.
 *
 * @see Murphy (2007), Conjugate Bayesian analysis of the Gaussian distribution; Gelman et al. (2013), Bayesian Data
 * Analysis, 3rd edition, chapters 2 and 3.
 */
export type ConjugateModel =
  | { readonly model: 'normal-inverse-gamma'; readonly mu: number; readonly kappa: number; readonly alpha: number; readonly beta: number }
  | { readonly model: 'normal-known-variance'; readonly mu: number; readonly priorVariance: number; readonly variance: number }
  | { readonly model: 'beta-bernoulli'; readonly a: number; readonly b: number }
  | { readonly model: 'gamma-poisson'; readonly shape: number; readonly rate: number }
  | { readonly model: 'gamma-exponential'; readonly shape: number; readonly rate: number }
  | { readonly model: 'dirichlet-categorical'; readonly alpha: readonly number[] };

/**
 * Checks a model's prior and prepares its arithmetic.
 *
 * @throws {@link InputError} BAD_PARAM where the prior is improper, NOT_FINITE
 * @internal
 */
export function conjugateKernel(model: ConjugateModel): ConjugateKernel {
  switch (model.model) {
    case 'normal-inverse-gamma':
      return normalInverseGamma(model);
    case 'normal-known-variance':
      return normalKnownVariance(model);
    case 'beta-bernoulli':
      return betaBernoulli(model);
    case 'gamma-poisson':
      return gammaPoisson(model);
    case 'gamma-exponential':
      return gammaExponential(model);
    case 'dirichlet-categorical':
      return dirichletCategorical(model);
  }
}
