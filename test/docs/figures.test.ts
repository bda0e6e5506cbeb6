import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { brokenSiteLinks } from '../../tools/docs/site-links.js';
import { guidePages } from '../../tools/docs/pages.js';

const figures = readdirSync('docs/images').filter((name) => name.endsWith('.svg'));
const shown = new Map(guidePages().flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/!\[([^\]]*)\]\(\.\.\/images\/([^)]+)\)/g)].map(([, words = '', name = '']) => [name, words] as const)));

describe('figures of the guides', () => {
  it.each(figures)('%s is shown on a page, has words for those who cannot see it, and is small', (name) => {
    expect(shown.get(name) ?? '').not.toBe('');
    const text = readFileSync(`docs/images/${name}`, 'utf8');
    expect(text).toMatch(/<title>[^<]+<\/title><desc [^>]*>[^<]{40,}<\/desc>/);
    expect(text).not.toMatch(/(?:href|src)="?https?:/);
    expect(statSync(`docs/images/${name}`).size).toBeLessThan(40_000);
  });

  it('are all there', () => {
    expect([...shown.keys()].filter((name) => name.endsWith('.svg') && !figures.includes(name))).toEqual([]);
  });
});

describe('links of a built site', () => {
  it('are followed to files and places, and nothing is loaded from elsewhere', () => {
    const site = 'build/site-links-test';
    mkdirSync(site, { recursive: true });
    try {
      writeFileSync(`${site}/index.html`, '<h1 id="top">A</h1><a href="#top">1</a><a href="b.html#c">2</a><a href="b.html#gone">3</a><a href="gone.html">4</a><a href="https://example.org">5</a><script src="https://example.org/x.js"></script>');
      writeFileSync(`${site}/b.html`, '<h2 id="c">B</h2><img alt="" src="gone.svg">');
      expect(brokenSiteLinks(site).map((line) => line.replace(/:.*(?=: )/, ''))).toHaveLength(4);
    } finally {
      rmSync(site, { recursive: true, force: true });
    }
  });
});
