import { temporaryRoot, withoutDrawn, withoutRandom } from './random-parts.js';

/** How a path becomes a key. */
export interface PathOptions {
  /** Segments that a key keeps; Infinity for all. */
  readonly depth: number;
  /** What `~` and `$HOME` stand for; null where that is not known. */
  readonly home: string | null;
}

/** A root and what is below it. */
interface Rooted {
  /** `/`, `./`, `~/`, or a drive such as `c:/`. */
  readonly root: string;
  readonly rest: string;
}

const HOME = /^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/;
const DRIVE = /^(?:[A-Za-z]:[\\/]|\\\\)/;

function rooted(text: string, home: string | null): Rooted {
  const named = text.startsWith('file://') ? text.slice('file://'.length).replace(/^[^/]*/, '') : text;
  const path = home === null ? named : named.replace(HOME, () => home);
  if (DRIVE.test(path)) {
    // Such file systems do not tell capital letters from small ones.
    const folded = path.replaceAll('\\', '/').toLowerCase();
    return folded.startsWith('//') ? { root: '//', rest: folded } : { root: folded.slice(0, 3), rest: folded.slice(3) };
  }
  if (path.startsWith('/')) return { root: '/', rest: path };
  const tilde = HOME.exec(path)?.[0];
  return tilde === undefined ? { root: './', rest: path } : { root: '~/', rest: path.slice(tilde.length) };
}

/** Segments without `.`, with `..` carried out as far as the text says where it leads. */
function segmentsOf(rest: string, root: string): string[] {
  const segments: string[] = [];
  for (const segment of rest.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    // Nothing is above the root; what is above a folder that is not known stays unknown.
    else if (root === './' || root === '~/') segments.push('..');
  }
  return segments;
}

/** Segments without what is different each time. */
function lasting(segments: readonly string[], root: string): string[] {
  const reach = temporaryRoot(root + segments.join('/'));
  let end = root.length - 1;
  return segments.map((segment) => {
    end += segment.length + 1;
    return reach > 0 && end > reach ? withoutDrawn(segment) : withoutRandom(segment);
  });
}

/**
 * A path in the one form in which paths are compared, cut at a depth.
 *
 * @remarks What is the same place by the text alone gets one key: repeated and trailing slashes, `.` and `..`, `file:` URLs,
 * and the letters of Windows paths. What may be another place stays another: capital letters, a relative path (its key starts
 * with `./`: the folder it starts from is not in the text) and `~` where no home is stated. `~` counts as the two segments that
 * a home folder has (`/home/user`), leading `..` as none. Names that are new each time (identifiers, dates, hashes, long
 * numbers; in folders for temporary files also endings drawn at random) become words in braces.
 * @example
 * ```ts
 * pathKey('/home/dev/.ssh/id_rsa', { depth: 3, home: null }); // => '/home/dev/.ssh'
 * pathKey('src//lib/../main.ts', { depth: 3, home: null }); // => './src/main.ts'
 * pathKey('/tmp/npm-a8Kq2Z/x', { depth: 2, home: null }); // => '/tmp/npm-{random}'
 * ```
 */
export function pathKey(text: string, { depth, home }: PathOptions): string {
  const { root, rest } = rooted(text, home);
  const segments = lasting(segmentsOf(rest, root), root);
  const above = segments.findIndex((segment) => segment !== '..');
  const kept = segments.slice(0, (above < 0 ? segments.length : above) + Math.max(0, depth - (root === '~/' ? 2 : 0)));
  if (kept.length === 0) return root.replace(/(?<=[~.])\/$/, '');
  return (root === './' && kept[0] === '..' ? '' : root) + kept.join('/');
}
