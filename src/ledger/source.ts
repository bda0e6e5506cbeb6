/**
 * Where bytes come from, pulled: fills `into` from its start and returns how many bytes it wrote, 0 at the end.
 * Fewer than asked for is no end.
 */
export type ByteSource = (into: Uint8Array) => number;

/**
 * A source over bytes in memory.
 *
 * @param most - bytes handed out at a time at most; for trying out readers
 */
export function bytesSource(bytes: Uint8Array, most: number = Infinity): ByteSource {
  let at = 0;
  return (into) => {
    const count = Math.min(into.length, bytes.length - at, most);
    into.set(bytes.subarray(at, at + count));
    at += count;
    return count;
  };
}
