import { expect, test } from 'vitest';
import { random } from '../../src/index.js';
import { baselineRow, keeps, realisedArl, realisedChance, watchRow, type Effort } from '../../tools/validate/detectors-rows.js';
import { SHAPES, type Shape } from '../../tools/validate/detectors-shapes.js';
import { cusumWatch, eWatch, knownCusum, villeWatch } from '../../tools/validate/detectors-watches.js';

const SEED = 20260101;
const EFFORT: Effort = { streams: 300, changes: 40, observations: 200_000 };

function shapeNamed(name: string): Shape {
  const shape = SHAPES.find((one) => one.name === name);
  if (!shape) throw new Error(`no shape ${name}`);
  return shape;
}

test('designs for known parameters keep their promise, and find a doubled rate, whatever the unit', () => {
  for (const name of ['Gaussian 10/2 ms', 'exponential 1000 ms', 'exponential 0.01 s', 'Bernoulli 0.3']) {
    const shape = shapeNamed(name);
    for (const watch of [knownCusum(shape), eWatch(shape.family, 'sr'), villeWatch(shape)]) {
      const row = watchRow(watch, shape, EFFORT, SEED);
      expect(row.kept, `${name} ${watch.name} ${JSON.stringify(row)}`).toBe(true);
      expect(row.missed).toBe(0);
    }
  }
});

test('a threshold that is too low is seen as broken', () => {
  const shape = shapeNamed('exponential 10 ms');
  const { arl0, chance } = knownCusum(shape);
  const low = cusumWatch(shape.family, 'up', 4);
  expect(keeps(arl0, realisedArl(low, shape, EFFORT.observations, random(SEED)))).toBe(false);
  expect(keeps(chance, realisedChance(() => low, shape, EFFORT.streams, random(SEED)))).toBe(false);
});

test('the design from a baseline keeps its 90 %, and with its threshold cut by a fifth it does not', () => {
  const shape = shapeNamed('exponential 10 ms');
  expect(baselineRow(shape, 200, { baselines: 150 }, SEED).kept).toBe(true);
  expect(baselineRow(shape, 200, { baselines: 150, scale: 0.8 }, SEED).kept).toBe(false);
});
