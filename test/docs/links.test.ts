import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { brokenLinks, reachablePages, slugOf } from '../../tools/docs/links.js';
import { guidePages } from '../../tools/docs/pages.js';

const OWN = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'datasets/README.md'];

describe('links between pages', () => {
  it.each([...OWN, ...guidePages()])('of %s all lead somewhere', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it.each([...OWN, ...guidePages()])('of %s stand around no picture: the site would not follow them', (page) => {
    expect(readFileSync(page, 'utf8')).not.toMatch(/\[!\[[^\]]*\]\([^)]*\)\]\(/);
  });

  it('every guide can be reached from docs/README.md', () => {
    expect([...reachablePages('docs/README.md')].filter((page) => page.startsWith('docs/')).sort()).toEqual(guidePages());
  });

  it('that lead nowhere are found: a file, a heading, an image', () => {
    const page = 'build/links-test/page.md';
    mkdirSync('build/links-test', { recursive: true });
    try {
      writeFileSync(page, '# A page\n\n[a](gone.md) [b](#a-page) [c](#nowhere) ![d](gone.svg) [e](https://example.org/x)\n\n```\n[f](gone.md)\n```\n');
      expect(brokenLinks(page)).toHaveLength(3);
    } finally {
      rmSync('build/links-test', { recursive: true, force: true });
    }
  });

  it('have the anchors that GitHub makes of headings', () => {
    expect(slugOf('What `--state` keeps, and what (not)')).toBe('what---state-keeps-and-what-not');
    expect(slugOf('hindcast policy make')).toBe('hindcast-policy-make');
  });
});
