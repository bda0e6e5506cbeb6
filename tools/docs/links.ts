import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A page's text without its code, in which nothing is a link. */
function prose(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ' '));
}

/** The anchor that a heading gets on GitHub: small letters, no punctuation, hyphens for spaces. */
export function slugOf(heading: string): string {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '').replaceAll('\\', '');
  return text.trim().toLowerCase().replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '').replaceAll(/\s/g, '-');
}

/** Anchors of a page; a heading that comes again gets a number. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = slugOf(heading);
    let [unique, n] = [slug, 0];
    while (anchors.has(unique)) unique = `${slug}-${String(++n)}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Everything a page points at: links and images. */
function targetsOf(text: string): readonly string[] {
  return [...prose(text).matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].map(([, target = '']) => target);
}

const ELSEWHERE = /^(?:https?:|mailto:)/;

/**
 * Links of a Markdown page that lead nowhere: files that are not there, anchors that no heading has, folders without a
 * README. Addresses of other sites are not asked.
 *
 * @param path - of the page, from the repository's root
 */
export function brokenLinks(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  return targetsOf(text).filter((target) => !ELSEWHERE.test(target)).flatMap((target) => {
    const [file = '', anchor] = target.split('#');
    const place = file === '' ? path : normalize(join(dirname(path), decodeURIComponent(file)));
    if (place.startsWith('..') || !existsSync(place)) return [`${path}: ${target}: there is no such file`];
    const page = statSync(place).isDirectory() ? join(place, 'README.md') : place;
    if (!existsSync(page)) return [`${path}: ${target}: a folder without README.md`];
    if (anchor === undefined || !page.endsWith('.md')) return [];
    return anchorsOf(readFileSync(page, 'utf8')).has(anchor) ? [] : [`${path}: ${target}: no such heading`];
  });
}

/** Every page that can be reached from one by links, itself included. */
export function reachablePages(from: string): ReadonlySet<string> {
  const [found, queue] = [new Set([from]), [from]];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    for (const target of targetsOf(readFileSync(path, 'utf8'))) {
      const [file = ''] = target.split('#');
      const place = normalize(join(dirname(path), file));
      if (ELSEWHERE.test(target) || !place.endsWith('.md') || found.has(place) || !existsSync(place)) continue;
      found.add(place);
      queue.push(place);
    }
  }
  return found;
}
