/** What an Arrow stream begins with: the mark that a message follows. */
const CONTINUATION = [255, 255, 255, 255];

/** Whether bytes begin an Arrow stream. */
export function isArrowStream(head: Uint8Array): boolean {
  return head.length >= CONTINUATION.length && CONTINUATION.every((byte, i) => head[i] === byte);
}
