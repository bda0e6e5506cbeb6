/** A number as one says it: four significant digits, no trailing zeros. */
export function say(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'no number' : x > 0 ? 'infinity' : 'minus infinity';
  const size = Math.abs(x);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return x.toExponential(3).replace(/\.?0+e/, 'e').replace('e+', 'e');
  const rounded = Number(x.toPrecision(4));
  return Number.isInteger(x) && size < 1e7 ? group(x) : size >= 1000 ? group(Math.round(x)) : String(rounded);
}

/** A count or index with its thousands apart. */
export function group(x: number): string {
  return String(x).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A tick's label: short, whatever the range. */
export function tick(x: number): string {
  const size = Math.abs(x);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return x.toExponential(2).replace(/\.?0+e/, 'e').replace('e+', 'e');
  return Number.isInteger(x) ? group(x) : String(Number(x.toPrecision(6)));
}

/** A share or level in percent. */
export function percent(share: number): string {
  return `${String(Number((share * 100).toPrecision(4)))} %`;
}

/** A count with its noun. */
export function counted(n: number, one: string, many: string = `${one}s`): string {
  return `${group(n)} ${n === 1 ? one : many}`;
}

/** The first few of a list in words, and how many there are beyond them. */
export function listed(items: readonly string[], most = 5): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(', ')} and ${group(rest)} more` : items.join(', ');
}
