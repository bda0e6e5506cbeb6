import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy, reportPage } from '../../src/report/report-page.js';
import { STYLE } from '../../src/report/style.js';
import { verdictOf } from '../../src/report/verdict.js';
import { readPageScript } from '../../src/app/cli/report/script.js';
import { HOSTILE, ledgerInput, reportOf, rowsOf } from './data.js';

const SCRIPT = readPageScript();
const PAGE = reportPage(reportOf(), SCRIPT);

describe('a report page', () => {
  test('begins with its policy, and its one script has the hash that the policy names', () => {
    expect(PAGE).toMatch(/^<!doctype html>\n<html lang="en"><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]+'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">/);
    const scripts = [...PAGE.matchAll(/<script(?: type="([^"]*)" id="data")?>([\s\S]*?)<\/script>/g)];
    expect(scripts.map(([, type]) => type)).toEqual(['application/json', undefined]);
    const [, , text = ''] = scripts[1] ?? [];
    expect(createHash('sha256').update(text, 'utf8').digest('base64')).toBe(SCRIPT.sha256);
    expect(contentSecurityPolicy(SCRIPT)).toContain(SCRIPT.sha256);
  });

  test('loads nothing and writes no markup from its script', () => {
    expect(PAGE).not.toMatch(/<(?:img|link|iframe|object|embed|form|base)\b|\ssrc=|url\(|@import|\son[a-z]+=/i);
    expect(SCRIPT.text).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function|fetch\(|XMLHttpRequest|import\(/);
    expect(STYLE).not.toMatch(/url\(|@import/);
  });

  test('is the same for the same report, byte for byte', () => {
    expect(reportPage(reportOf(), SCRIPT)).toBe(PAGE);
  });

  test('has every section, in order, and says what could not be asked', () => {
    const ids = [...PAGE.matchAll(/<section id="([a-z]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['timeline', 'findings', 'novel', 'changes', 'baseline', 'detectors', 'provenance']);
    expect(PAGE.indexOf('<h1>')).toBeLessThan(PAGE.indexOf('<section'));
    for (const why of ['no approved calls', 'no baseline', 'no policy', 'no labels']) expect(PAGE.toLowerCase()).toContain(why);
    expect(PAGE).toContain('hindcast 1.2.3');
  });

  test('draws what is labelled unsafe without its script too, as its legend says', () => {
    const still = /<div id="still">([\s\S]*?)<\/svg>/.exec(reportPage(reportOf(), SCRIPT))?.[1] ?? '';
    expect(still.match(/<rect class="ink" [^>]*height="4"\/>/g)).toHaveLength(1);
  });

  test('without any call has no script to run', () => {
    expect(reportPage(reportOf({ rows: rowsOf(0) }), SCRIPT)).not.toContain('<script');
  });

  test('holds hostile texts in every place as text', () => {
    const bad = HOSTILE.filter((text) => text.length < 200);
    for (const text of bad) {
      const name = `a${text}b`;
      const page = reportPage(reportOf({
        inputs: [{ ...ledgerInput(name), rejectCount: 1, firstRejects: [name] }],
        rows: rowsOf(60, bad),
        novel: { found: { calls: 2, withoutResource: 0, approvedCalls: 1, approvedResources: 1, rules: text, rows: [{ row: 3, call: { row: 3, file: text, line: 1, callId: text, actor: text, group: null, session: text, capability: text, resource: text, keys: [{ key: text, nearest: text, approvedFor: [text] }] } }] } },
        detections: { found: [{ input: text, watches: 'Failures', streams: 1, observations: 1, expected: 0, promises: [text], assumes: [text], notes: [text], refused: null, notWatched: [{ stream: text, reason: text, n: 0, needed: 1 }], alarms: [{ stream: text, row: 3, record: 3, time: text, change: null, delay: null, reason: text }] }] },
        policy: { found: { name: text, contentHash: '00', cautions: [text], contradicted: false, parts: [{ kind: 'envelope', name: text, n: 1, flagged: 1, expected: 0, finding: true, notes: [text], judged: true }] } },
        others: [{ role: 'baseline', name: text, holds: text, sizeBytes: 1, sha256: '00' }],
      }), SCRIPT);
      const outsideData = page.replace(/<script type="application\/json"[\s\S]*?<\/script>/, '').replace(SCRIPT.text, '').replace(STYLE, '');
      expect(outsideData.match(/<script|<svg onload|<img|<iframe|<base|<style|<a href="javascript/gi)).toEqual(['<style', '<script']);
      expect(page.match(/<\/script>/g)).toHaveLength(2);
      expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
    }
  });
});

describe('the verdict', () => {
  test('of a ledger that was altered says so before anything else', () => {
    const input = ledgerInput();
    const report = input.verification.found;
    if (report === null) throw new Error('the ledger was verified');
    const faults = [{ index: 7, code: 'hash_mismatch', message: 'stored hash differs' } as const];
    const altered = reportOf({ inputs: [{ ...input, verification: { found: { ...report, consistent: false, faultCount: 1, faults } }, replay: { found: null, why: 'it does not verify' } }] });
    expect(verdictOf(altered)).toMatchObject({ tone: 'bad', headline: expect.stringContaining('altered') as string });
    const page = reportPage(altered, SCRIPT);
    expect(page).toContain('hash_mismatch');
    expect(page).toMatch(/<a href="#timeline" data-row="7">entry 7<\/a>/);
    expect(verdictOf(altered).open.join()).toContain('does not verify');
  });

  test('of a whole ledger with nothing to compare it with claims no more', () => {
    expect(verdictOf(reportOf())).toMatchObject({ tone: 'good', headline: 'The records are whole and every decision follows from them.' });
  });

  test('of a file that cannot be read names it', () => {
    const { headline, tone } = verdictOf(reportOf({ inputs: [{ ...ledgerInput(), unreadable: 'byte 7: this is no JSON', verification: { found: null, why: 'x' }, replay: { found: null, why: 'x' } }] }));
    expect([tone, headline]).toEqual(['bad', 'Not every record can be read.']);
  });

  test('of recorded calls alone says that nothing seals them', () => {
    const input = { ...ledgerInput('calls.jsonl'), isLedger: false, verification: { found: null, why: 'no ledger' }, replay: { found: null, why: 'no ledger' } };
    expect(verdictOf(reportOf({ inputs: [input] }))).toMatchObject({ tone: 'open', headline: 'Nothing seals these records.' });
  });
});

describe('the colours', () => {
  /** WCAG 2 relative luminance. */
  const luminance = (hex: string): number => {
    const full = hex.length === 4 ? hex.slice(1).replace(/./g, '$&$&') : hex.slice(1);
    const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string): number => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
    return (high + 0.05) / (low + 0.05);
  };
  const themes = [...STYLE.matchAll(/--ground:#[^}]*/g)].slice(0, 2).map(([text]) => Object.fromEntries([...text.matchAll(/--([a-z0-9-]+):(#[0-9a-f]+)/g)].map(([, name = '', value = '']) => [name, value])));

  test.each(['light', 'dark'])('of text keep 4.5 to 1 and of marks 3 to 1, %s', (name) => {
    const theme = themes[name === 'light' ? 0 : 1] ?? {};
    const ground = theme['ground'] ?? '';
    for (const text of ['ink', 'quiet', 'link', 'bad', 'good', 'open']) expect(contrast(theme[text] ?? '', ground), text).toBeGreaterThanOrEqual(4.5);
    for (const text of ['ink', 'quiet', 'link', 'bad']) expect(contrast(theme[text] ?? '', theme['bad-ground'] ?? ''), `${text} on a finding`).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme['ink'] ?? '', theme['raised'] ?? '')).toBeGreaterThanOrEqual(4.5);
    for (const mark of ['rank-0', 'rank-1', 'rank-2', 'rank-3', 'rank-4', 'change', 'focus']) expect(contrast(theme[mark] ?? '', ground), mark).toBeGreaterThanOrEqual(3);
  });
});
