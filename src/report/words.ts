/** A count and its noun. */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(n)} ${n === 1 ? noun : plural}`;
}

/** A whole number with its thousands apart. */
export function grouped(n: number): string {
  return n.toLocaleString('en-US');
}

/** A number short enough to read, its last digit rounded. */
export function short(x: number, digits = 4): string {
  return Number.isFinite(x) ? String(Number(x.toPrecision(digits))) : 'none';
}

/** A share in per cent. */
export function percent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : '\u2013';
}

/** A probability, small ones in powers of ten. */
export function chance(p: number): string {
  if (p > 0.9995) return '> 0.999';
  return p < 1e-4 ? p.toExponential(0) : p.toFixed(p < 0.001 ? 4 : 3);
}

/** Names in a sentence: `a, b and c`, at most `most` of them. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most);
  if (names.length > most) return `${shown.join(', ')} and ${String(names.length - most)} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}

/** A time in UTC, to the millisecond. */
export function timeText(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().replace('T', ' ') : '';
}

/** A size in bytes in the unit that suits it. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A reason as a sentence of its own. */
export function sentence(text: string): string {
  const ended = /[.!?]$/.test(text) ? text : `${text}.`;
  return /^[a-z][a-z]* /.test(ended) ? ended.slice(0, 1).toUpperCase() + ended.slice(1) : ended;
}
