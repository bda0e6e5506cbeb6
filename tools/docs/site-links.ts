import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

function htmlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name);
    if (item.isDirectory()) return htmlFiles(path);
    return path.endsWith('.html') ? [path] : [];
  });
}

/** Attributes' text as a reader of the page has it. */
function unescaped(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}

interface Page {
  readonly anchors: ReadonlySet<string>;
  /** What it links to, and what it loads. */
  readonly links: readonly string[];
  readonly loads: readonly string[];
}

function pageOf(path: string): Page {
  const text = readFileSync(path, 'utf8');
  const values = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, value = '']) => unescaped(value));
  return {
    anchors: new Set(values(/\s(?:id|name)="([^"]*)"/g)),
    links: values(/<a\s[^>]*?href="([^"]*)"/g),
    loads: [...values(/<(?:script|img|source)\s[^>]*?src="([^"]*)"/g), ...values(/<link\s[^>]*?href="([^"]*)"/g)],
  };
}

const ELSEWHERE = /^(?:[a-z]+:)?\/\/|^(?:mailto|data|javascript):/;

/**
 * Links and loaded files of a built site that are not there, and everything that a page would load from elsewhere.
 *
 * @param site - folder of the site
 */
export function brokenSiteLinks(site: string): readonly string[] {
  const pages = new Map(htmlFiles(site).map((path) => [path, pageOf(path)]));
  const judge = (path: string, target: string): string | null => {
    const [file = '', anchor = ''] = target.split('#').map(decodeURIComponent);
    const place = file === '' ? path : normalize(join(dirname(path), file.replace(/\?.*$/, '')));
    const page = existsSync(place) && statSync(place).isDirectory() ? join(place, 'index.html') : place;
    if (!existsSync(page)) return `${relative(site, path)}: ${target}: there is no such file`;
    const known = pages.get(page);
    return anchor === '' || known === undefined || known.anchors.has(anchor) ? null : `${relative(site, path)}: ${target}: no such place on the page`;
  };
  return [...pages].flatMap(([path, { links, loads }]) => [
    ...loads.filter((target) => ELSEWHERE.test(target) && !target.startsWith('data:')).map((target) => `${relative(site, path)}: loads ${target} from elsewhere`),
    ...[...links, ...loads].filter((target) => !ELSEWHERE.test(target)).flatMap((target) => judge(path, target) ?? []),
  ]);
}
