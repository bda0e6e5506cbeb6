/** Names that say when or by chance they were made, whatever folder they are in. */
const MADE: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '{uuid}'],
  [/\d{4}-\d\d-\d\d(?:[T_ -]\d\d[:_.-]?\d\d(?:[:_.-]?\d\d)?(?:[._,]\d+)?Z?)?/g, '{time}'],
  [/(?<![0-9a-z])[0-9a-f]{16,}(?![0-9a-z])/gi, '{hex}'],
  [/\d{8,}/g, '{digits}'],
];

/** Folders in which programs make names of their own: any segment below may end in letters drawn at random. */
const TEMPORARY = /^(?:\/tmp|\/var\/tmp|\/private\/tmp|\/private\/var\/folders\/[^/]+\/[^/]+\/T|\/var\/folders\/[^/]+\/[^/]+\/T|\/dev\/shm|[a-z]:\/(?:windows|users\/[^/]+\/appdata\/local)\/temp)(?=\/|$)/;

/** What `mkdtemp` and its like append, as far as it can be told from a word: six letters or more of at least two kinds. */
const DRAWN = /[A-Za-z0-9]{6,}$/;

function isDrawn(word: string): boolean {
  return [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(word)).length >= 2;
}

/** A segment of a path without what is different each time: identifiers, time stamps, hashes, long numbers. */
export function withoutRandom(segment: string): string {
  return MADE.reduce((text, [pattern, name]) => text.replace(pattern, name), segment);
}

/** How many characters of a normal path name a folder for temporary files; 0 where it is in none. */
export function temporaryRoot(path: string): number {
  return TEMPORARY.exec(path)?.[0].length ?? 0;
}

/** A segment within a folder for temporary files, without an ending drawn at random. */
export function withoutDrawn(segment: string): string {
  return withoutRandom(segment).replace(DRAWN, (word) => (isDrawn(word) ? '{random}' : word));
}
