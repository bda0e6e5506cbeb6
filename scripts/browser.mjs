// Tests of the report page in a real Chromium: what it shows, what it lets through, how fast it is. Reports are made by the
// built program from datasets/npm and from hostile texts. Ends with one line: N passed, N failed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.mjs';
import { HOSTILE, hostileCalls } from './hostile-texts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'hindcast-browser-'));
const npm = (name) => join('datasets/npm', `npm-${name}`);
const ENTRIES = 100_000;
/** Longest that anything is wanted to hold up the page, in milliseconds; a machine that is busy with more gets five times as long. */
const [WANTED_MS, MOST_MS] = [200, 1000];

function hindcast(...args) {
  const { status, stderr } = spawnSync(process.execPath, ['dist/app/cli/main.js', ...args], { encoding: 'utf8' });
  if (status === null || status > 2) throw new Error(`hindcast ${args[0]} ended with ${String(status)}: ${stderr}`);
}

/** Reports by name; made once, in this order. */
const REPORTS = {
  incident: (out) => { hindcast('report', npm('incident.ledger.json'), npm('incident.calls.jsonl'), '--baseline', npm('approved.ledger.json'), npm('approved.calls.jsonl'), '--labels', npm('incident.labels.csv'), '-o', out); },
  altered: (out) => {
    const ledger = join(folder, 'altered.ledger.json');
    writeFileSync(ledger, readFileSync(npm('incident.ledger.json'), 'utf8').replace('"capability":"read"', '"capability":"ping"'));
    hindcast('report', ledger, '-o', out);
  },
  hostile: (out) => {
    const [calls, approved] = [join(folder, '<img src=x onerror=globalThis.hurt=1>.calls.jsonl'), join(folder, "approved' onload='globalThis.hurt=1.calls.jsonl")];
    writeFileSync(calls, hostileCalls(process.env.HINDCAST_STRINGS === undefined ? HOSTILE : [...HOSTILE, ...strings(process.env.HINDCAST_STRINGS)]));
    writeFileSync(approved, hostileCalls(['/usr/bin/node']));
    hindcast('report', calls, '--baseline', approved, '-o', out);
  },
  large: (out) => {
    const ledger = join(folder, 'large.ledger.json');
    hindcast('generate', '--entries', String(ENTRIES), '--seed', '7', '--out', ledger);
    hindcast('report', ledger, '-o', out);
  },
};

/** Every text in a JSON file of further hostile texts. */
function strings(path) {
  const found = [];
  const walk = (value) => {
    if (typeof value === 'string') found.push(value);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk);
  };
  walk(JSON.parse(readFileSync(path, 'utf8')));
  return found;
}

const made = new Map();
function report(name) {
  const out = join(folder, `${name}.html`);
  if (!made.has(name)) {
    REPORTS[name](out);
    made.set(name, out);
  }
  return out;
}

function equal(found, wanted, what) {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(found)}`);
}

function holds(condition, what) {
  if (!condition) throw new Error(what);
}

/** Opens a report in a page of its own and hands it over; what the page should never do makes the test fail. */
async function opened(browser, name, use, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) wrong.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => { wrong.push(`error: ${error.message}`); });
  page.on('dialog', (dialog) => { wrong.push('a dialog'); void dialog.dismiss(); });
  const url = pathToFileURL(report(name)).href;
  await context.route('**', (route) => {
    if (route.request().url() === url) return route.continue();
    wrong.push(`a request for ${route.request().url()}`);
    return route.abort();
  });
  try {
    await page.goto(url);
    await use(page, context);
    equal(wrong, [], 'what the page should not do');
    equal(page.url().split('#')[0], url, 'where the page is');
  } finally {
    await context.close();
  }
}

const valueNow = (page) => page.getAttribute('#slider', 'aria-valuenow').then(Number);
const frame = (page) => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));

async function accessible(page) {
  await page.evaluate((source) => { (0, eval)(source); }, axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Longest that the page was held up by what `act` does, until it is drawn. */
async function heldUp(page, act) {
  await page.evaluate(() => {
    globalThis.longest = 0;
    globalThis.observer?.disconnect();
    globalThis.observer = new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration); });
    globalThis.observer.observe({ type: 'longtask' });
  });
  await act();
  await frame(page);
  await page.waitForTimeout(100);
  return page.evaluate(() => globalThis.longest);
}

const TESTS = {
  'the verdict stands first and the live timeline takes the place of the still one': (browser) => opened(browser, 'incident', async (page) => {
    holds((await page.textContent('h1')).includes('not what was approved'), 'the headline');
    equal(await page.locator('.verdict li.is-bad').count(), 4, 'findings');
    holds(await page.isVisible('#slider') && !(await page.isVisible('#still')), 'the live timeline');
    equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'no sideways scrolling');
  }),
  'keys step, jump, find and zoom': (browser) => opened(browser, 'incident', async (page) => {
    await page.focus('#slider');
    for (const key of ['ArrowRight', 'ArrowRight', 'PageDown', 'ArrowLeft']) await page.keyboard.press(key);
    await frame(page);
    equal(await valueNow(page), 12, 'after stepping');
    await page.keyboard.press('End');
    await frame(page);
    equal(await valueNow(page), 245, 'at the end');
    await page.keyboard.press('Home');
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('n');
    await frame(page);
    equal(await valueNow(page), 210, 'the third finding or change');
    holds((await page.getAttribute('#slider', 'aria-valuetext')).includes('sh -c node'), 'the call in words');
    holds((await page.textContent('#call-facts')).includes('/home/') || (await page.textContent('#call-facts')).includes('setup.js'), 'the call\'s facts');
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await frame(page);
    holds(/ (5|6)\d in view/.test(await page.textContent('#status')), `zoomed: ${await page.textContent('#status')}`);
    await page.keyboard.press('0');
    await frame(page);
    holds((await page.textContent('#status')).includes('245 in view'), 'all in view');
  }),
  'everything can be reached by keyboard, with a focus that is seen': (browser) => opened(browser, 'incident', async (page) => {
    const seen = new Set();
    for (let i = 0; i < 60 && !seen.has('slider'); i += 1) {
      await page.keyboard.press('Tab');
      const [id, outline] = await page.evaluate(() => [document.activeElement.id || document.activeElement.textContent.slice(0, 20), getComputedStyle(document.activeElement).outlineStyle]);
      holds(outline !== 'none', `the focus on ${id} is not seen`);
      seen.add(id);
    }
    for (const id of ['only-capability', 'only-show', 'only-text', 'by-time', 'zoom-in', 'found-next', 'slider']) holds(seen.has(id), `${id} cannot be reached`);
  }),
  'filters leave what they say, together and cleared': (browser) => opened(browser, 'incident', async (page) => {
    const chosen = async () => { await frame(page); return (await page.textContent('#status')).split(' ')[0]; };
    await page.selectOption('#only-show', 'found');
    equal(await chosen(), '33', 'calls with findings');
    await page.selectOption('#only-capability', { label: (await page.locator('#only-capability option').allTextContents()).find((text) => text.startsWith('http')) });
    equal(await chosen(), '12', 'of http');
    await page.selectOption('#only-show', 'unsafe');
    equal(await chosen(), '12', 'labelled unsafe');
    await page.click('#clear');
    await page.fill('#only-text', '.ssh/id_');
    equal(await chosen(), '2', 'by text');
    await page.fill('#only-text', 'nothing like it');
    equal(await chosen(), '0', 'none');
    holds((await page.getAttribute('#slider', 'aria-valuetext')).includes('no call'), 'said in words');
    await page.click('#clear');
    equal(await chosen(), '245', 'cleared');
    await page.check('#by-time');
    equal(await chosen(), '245', 'by time');
  }),
  'a finding leads to its call, even where a filter hides it': (browser) => opened(browser, 'incident', async (page) => {
    await page.selectOption('#only-show', 'failed');
    await page.click('#novel a[data-row="240"]');
    await frame(page);
    equal(await page.textContent('#call-title'), 'Call 240', 'the call');
    equal(await page.evaluate(() => document.activeElement.id), 'slider', 'the focus');
  }),
  'a pointer chooses and zooms': (browser) => opened(browser, 'incident', async (page) => {
    await page.locator('#canvas').scrollIntoViewIfNeeded();
    const { x, y, width } = await page.locator('#canvas').boundingBox();
    await page.mouse.click(x + width - 3, y + 60);
    await frame(page);
    equal(await valueNow(page), 245, 'the last call');
    await page.mouse.move(x + width / 2, y + 60);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.75, y + 60);
    await page.mouse.up();
    await frame(page);
    holds(/ (6|7)\d in view/.test(await page.textContent('#status')), `a stretch: ${await page.textContent('#status')}`);
  }),
  'hostile texts hurt nothing, wherever they stand': (browser) => opened(browser, 'hostile', async (page) => {
    for (let i = 0; i < 40; i += 1) await page.locator('#slider').press('n');
    for (const id of ['only-actor', 'only-capability']) for (let i = 0; i < Math.min(5, await page.locator(`#${id} option`).count()); i += 1) await page.selectOption(`#${id}`, { index: i });
    await page.click('#clear');
    for (let i = 0; i < 12; i += 1) await page.locator('#slider').press('PageDown');
    await page.mouse.move(300, 300);
    await frame(page);
    equal(await page.evaluate(() => globalThis.hurt ?? null), null, 'a text that ran');
    equal(await page.evaluate(() => [...document.querySelectorAll('img,iframe,object,embed,link,base,form')].length), 0, 'elements that load');
    equal(await page.evaluate(() => document.querySelectorAll('script').length), 2, 'scripts');
    equal(await page.evaluate(() => /[\u202a-\u202e\u2066-\u2069\u200b\u2028]/.test(document.body.innerText)), false, 'what turns text around');
  }),
  'a script that is not the page\'s own does not run': (browser) => opened(browser, 'incident', async (page) => {
    const blocked = await page.evaluate(() => new Promise((done) => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => { done(violatedDirective); });
      const script = document.createElement('script');
      script.textContent = 'globalThis.hurt = 1';
      document.head.append(script);
      setTimeout(() => { done(null); }, 1000);
    }));
    holds(String(blocked).startsWith('script-src'), `blocked: ${blocked}`);
    equal(await page.evaluate(() => globalThis.hurt ?? null), null, 'it ran');
  }, { }).catch((error) => {
    // The browser reports what it blocked; that is the point here.
    if (!/what the page should not do: .*Content Security Policy/.test(error.message)) throw error;
  }),
  'no accessibility rule is broken, light or dark, wide or narrow': async (browser) => {
    for (const name of ['incident', 'altered', 'hostile']) {
      for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { viewport: { width: 400, height: 900 } }]) {
        await opened(browser, name, async (page) => { equal(await accessible(page), [], `${name} ${JSON.stringify(options)}`); }, { ...options, bypassCSP: true });
      }
    }
  },
  'nothing is cut or overlaps sideways, at 1280, 768 and 400 pixels': async (browser) => {
    for (const width of [1280, 768, 400]) {
      for (const name of ['incident', 'altered', 'hostile']) {
        await opened(browser, name, async (page) => { equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${name} at ${width}`); }, { viewport: { width, height: 900 } });
      }
    }
  },
  'without script the page says the same, with the still timeline': (browser) => opened(browser, 'incident', async (page) => {
    holds(await page.isVisible('#still svg') && !(await page.isVisible('#live')), 'the still timeline');
    holds(await page.isVisible('#findings') && await page.isVisible('#provenance') && await page.isVisible('#changes figure svg'), 'the sections');
  }, { javaScriptEnabled: false }),
  'on paper there are no controls, a light ground and the still timeline': (browser) => opened(browser, 'incident', async (page) => {
    const pdf = await page.pdf({ format: 'A4' });
    holds(pdf.length > 20_000 && pdf.subarray(0, 5).toString() === '%PDF-', 'a PDF');
    await page.emulateMedia({ media: 'print' });
    holds(await page.isVisible('#still svg') && !(await page.isVisible('#live')) && !(await page.isVisible('nav')), 'what is printed');
    equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), 'rgb(255, 255, 255)', 'the ground');
  }, { colorScheme: 'dark' }),
  [`${ENTRIES.toLocaleString('en-US')} entries do not freeze the page`]: (browser) => opened(browser, 'large', async (page) => {
    const file = report('large');
    await page.focus('#slider');
    const times = {
      'key step': await heldUp(page, () => page.keyboard.press('ArrowRight')),
      'to the end': await heldUp(page, () => page.keyboard.press('End')),
      'next finding': await heldUp(page, () => page.keyboard.press('p')),
      zoom: await heldUp(page, () => page.keyboard.press('+')),
      'filter by capability': await heldUp(page, () => page.selectOption('#only-capability', { index: 1 })),
      'filter by text': await heldUp(page, () => page.fill('#only-text', 'zzz')),
      clear: await heldUp(page, () => page.click('#clear')),
      'by time': await heldUp(page, () => page.check('#by-time')),
    };
    await page.reload();
    const start = await page.evaluate(() => new Promise((done) => {
      let longest = 0;
      new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) longest = Math.max(longest, duration); }).observe({ type: 'longtask', buffered: true });
      setTimeout(() => { done(longest); }, 500);
    }));
    console.log(`    ${(statSync(file).size / 1e6).toFixed(1)} MB; longest task (wanted: < ${WANTED_MS} ms): load ${Math.round(start)} ms, ${Object.entries(times).map(([what, ms]) => `${what} ${ms < 50 ? '< 50' : Math.round(ms)} ms`).join(', ')}`);
    for (const [what, ms] of Object.entries({ load: start, ...times })) holds(ms < MOST_MS, `${what} held the page up for ${ms} ms`);
    equal((await page.textContent('#status')).split(' ')[0], ENTRIES.toLocaleString('en-US'), 'calls');
  }),
};

const only = process.argv[2];
const browser = await chromium.launch({ ...findChromium(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
let [passed, failed] = [0, 0];
try {
  for (const [title, run] of Object.entries(TESTS)) {
    if (only !== undefined && !title.includes(only)) continue;
    try {
      await run(browser);
      passed += 1;
      console.log(`  ok ${title}`);
    } catch (error) {
      failed += 1;
      console.log(`  NOT OK ${title}\n    ${error.message.slice(0, 2000)}`);
    }
  }
} finally {
  await browser.close();
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
