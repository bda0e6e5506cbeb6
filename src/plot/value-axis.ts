import { tick } from './words.js';

/** An axis of values that marks are placed on by `at`; its ticks are where the values say. */
export interface ValueAxis {
  readonly kind: 'linear' | 'logarithmic';
  /** Place of a value. */
  readonly at: (x: number) => number;
  readonly domain: readonly [number, number];
  /** Places of the ticks and their labels. */
  readonly ticks: readonly number[];
  readonly label: (place: number) => string;
}

/** From this ratio of the largest to the smallest value above 0 a logarithmic axis shows more. */
const WIDE = 200;

/**
 * An axis for values from `least` to `greatest`: linear, or logarithmic where there is nothing below 0 and they span
 * several orders of magnitude. On a logarithmic axis 0 has a place of its own, a decade below the smallest other value.
 *
 * @param range - finite; `smallest` is the smallest value above 0, or Infinity
 */
export function valueAxis({ least, greatest, smallest }: { readonly least: number; readonly greatest: number; readonly smallest: number }): ValueAxis {
  if (least < 0 || !(greatest / smallest > WIDE)) return linear(least, greatest);
  const [low, high] = [Math.floor(Math.log10(smallest)), Math.log10(greatest)];
  const zero = low - 1;
  const first = least === 0 ? zero : Math.log10(smallest);
  const every = Math.max(1, Math.ceil((high - low) / 7));
  const powers = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, k) => low + k * every).filter((place) => place >= first);
  const pad = 0.03 * (high - first);
  return {
    kind: 'logarithmic',
    at: (x) => (x <= 0 ? zero : Math.max(zero, Math.log10(x))),
    domain: [first - pad, high + pad],
    ticks: least === 0 ? [zero, ...powers] : powers,
    label: (place) => (least === 0 && place === zero ? '0' : tick(Number((10 ** place).toPrecision(12)))),
  };
}

function linear(least: number, greatest: number): ValueAxis {
  // Halves, since the span of two doubles need not be one.
  const unit = Math.max(Math.abs(least), Math.abs(greatest)) > 1e300 ? 1e10 : 1;
  const [low, high] = [least / unit, greatest / unit];
  const pad = high > low ? 0.03 * (high - low) : Math.abs(low) * 0.05 || 0.5;
  const domain = [low - pad, high + pad] as const;
  return { kind: 'linear', at: (x) => x / unit, domain, ticks: roundTicks(low - pad, high + pad), label: (place) => tick(Number((place * unit).toPrecision(12))) };
}

/** About six round numbers between two. */
function roundTicks(low: number, high: number): number[] {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  if (!(step > 0) || !Number.isFinite(step)) return [low];
  const first = Math.ceil(low / step);
  const count = Math.min(20, Math.floor(high / step) - first + 1);
  return Array.from({ length: Math.max(0, count) }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}
