import { expect, test } from 'vitest';
import { dirichletPosterior, klDivergence, klRate, stationaryLaw, transitionCounts, type Matrix } from '../../src/index.js';
import { expectClose, referenceCases } from './reference.js';

test('transition counts agree with the reference values', () => {
  for (const { id, input, expected } of referenceCases('markov', 'transitionCounts')) {
    expect(transitionCounts([input['sequence'] as number[]], input['states'] as number), id).toEqual(expected);
  }
});

test('stationary laws agree with exact rational arithmetic, entry by entry', () => {
  for (const { id, input, expected, tol } of referenceCases('markov', 'stationary')) {
    const { unique, ...rest } = stationaryLaw(input['P'] as Matrix);
    const { unique: wantUnique, ...want } = expected as { unique: boolean };
    expect(unique, id).toBe(wantUnique);
    expectClose(rest, want, tol, id);
  }
});

test('Dirichlet posteriors agree with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('markov', 'dirichletPosterior')) {
    const { counts, prior, confidence } = input as { counts: Matrix; prior: number; confidence: number };
    const got = dirichletPosterior(counts, prior, confidence).map(({ mean, lower, upper }) => ({ mean, ci: lower.map((l, j) => [l, upper[j]]) }));
    expectClose(got, expected, tol, id);
  }
});

test('the Kullback-Leibler rate agrees with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('markov', 'klRate')) {
    expectClose(klRate(input['P'] as Matrix, input['Q'] as Matrix), expected, tol, id);
  }
});

test('traces are never joined end to start', () => {
  expect(transitionCounts([[0, 1], [1, 0]], 2)).toEqual([[0, 1], [1, 0]]);
  expect(transitionCounts([[], [1]], 2)).toEqual([[0, 0], [0, 0]]);
});

test('a state never left keeps the prior and says so', () => {
  const [, row] = dirichletPosterior([[5, 5], [0, 0]], 0.5, 0.9);
  expect(row?.visits).toBe(0);
  expect(row?.mean).toEqual([0.5, 0.5]);
});

test('Markov functions refuse what is not a chain', () => {
  expect(() => stationaryLaw([[0.5, 0.5], [0, 0]])).toThrow('row 1 of matrix must hold finite numbers >= 0 with a sum > 0, got 0, 0');
  expect(() => stationaryLaw([[1, 0]])).toThrow('matrix must be a square matrix, got rows of 2');
  expect(() => transitionCounts([[0, 2]], 2)).toThrow('state 1 must be an integer in [0, 1], got 2');
  expect(() => klRate([[1, 0], [0, 1]], [[1, 0], [0, 1]])).toThrow('p must have one recurrent class, got 2');
  expect(() => klDivergence([1], [0.5, 0.5])).toThrow('q must have as many terms as p, 1, got 2');
});
