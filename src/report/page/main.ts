import { visibleText } from '../../visible-text.js';
import { bounded, nearestPlace, nextMarked, orderAxis, showing, timeAxis, wholeView, zoomed, type Axis, type View } from './axis.js';
import { binCalls, type Drawn } from './bins.js';
import { chooseCalls, type Choice } from './choose.js';
import { choiceOfControls, clearControls, startControls } from './controls.js';
import { byId } from './dom.js';
import { drawScene, type Ink } from './draw.js';
import { listenToKeys, listenToPointer } from './gestures.js';
import type { PageData } from './page-data.js';
import { rankOfDecision } from './ranks.js';
import { showCall, showWindow } from './show-call.js';
import { unpackCalls, type Calls } from './unpack.js';
import { callWords, spokenCall, utc, type CallWords } from './wording.js';

/** Rows of the table around the chosen call. */
const WINDOW_ROWS = 11;

/** Capabilities that share the last lane. */
const OTHERS = 'others';

/** Everything that changes while the page is looked at. */
interface Page {
  readonly data: PageData;
  readonly calls: Calls;
  readonly notes: ReadonlyMap<number, readonly string[]>;
  readonly drawn: Drawn;
  readonly lanes: readonly string[];
  readonly labelled: boolean;
  choice: Choice;
  axis: Axis;
  view: View;
  /** Place of the chosen call on the axis; -1 where none is left. */
  place: number;
  byTime: boolean;
  waiting: boolean;
}

function lanesOf({ lanes, words }: PageData): { readonly names: readonly string[]; readonly laneOfCode: Uint8Array } {
  const laneOfCode = new Uint8Array(words.capability.length + 1).fill(lanes.length);
  lanes.forEach((code, lane) => { laneOfCode[code] = lane; });
  const names = lanes.map((code) => visibleText(words.capability[code - 1] ?? ''));
  return { names: words.capability.length > lanes.length ? [...names, OTHERS] : names, laneOfCode };
}

function openPage(data: PageData): Page {
  const calls = unpackCalls(data);
  const { names, laneOfCode } = lanesOf(data);
  const rankOfCode = Uint8Array.from([0, ...data.words.decision.map(rankOfDecision)]);
  const { capability, decision, marks, label } = calls.numbers;
  const last = Math.max(0, names.length - 1);
  const drawn: Drawn = {
    laneOf: (call) => Math.min(last, laneOfCode[capability[call] ?? 0] ?? last),
    laneCount: Math.max(1, names.length),
    rankOf: (call) => rankOfCode[decision[call] ?? 0] ?? 0,
    marks,
    labels: label,
  };
  const choice = clearControls();
  const axis = orderAxis(chooseCalls(calls, choice));
  return { data, calls, notes: new Map(data.notes), drawn, lanes: names, labelled: label.includes(2), choice, axis, view: wholeView(axis), place: axis.calls.length > 0 ? 0 : -1, byTime: false, waiting: false };
}

function inkOfPage(): Ink {
  const style = getComputedStyle(document.documentElement);
  const ink = (name: string): string => style.getPropertyValue(name).trim();
  return { text: ink('--ink'), quiet: ink('--quiet'), line: ink('--line'), ranks: [0, 1, 2, 3, 4].map((rank) => ink(`--rank-${String(rank)}`)), bad: ink('--bad'), change: ink('--change'), focus: ink('--focus') };
}

function wordsAt({ calls, data, notes, axis }: Page, place: number): CallWords {
  return callWords(calls, data, notes, axis.calls[place] ?? 0);
}

function draw(page: Page): void {
  const { axis, view, lanes, labelled, place, byTime, data } = page;
  const canvas = byId('canvas', HTMLCanvasElement);
  const width = Math.max(240, canvas.parentElement?.clientWidth ?? 0);
  const gutter = width < 560 ? 84 : 132;
  const perCall = byTime ? 3 : Math.min(14, Math.max(2, Math.floor((width - gutter) / Math.max(1, view.to - view.from))));
  const bins = binCalls(axis, view, Math.max(1, Math.floor((width - gutter) / perCall)), page.drawn);
  const x = axis.x[place];
  const ends = byTime ? ([utc(view.from), utc(view.to)] as const) : endsOfOrder(page);
  drawScene(canvas, { width, lanes, gutter, labelled, bins, axis, view, at: x !== undefined && x >= view.from && x <= view.to ? x : null, endTexts: ends, bits: data.bits }, inkOfPage());
  const shown = axis.calls.length.toLocaleString('en-US');
  byId('status', HTMLElement).textContent = `${shown} of ${page.calls.count.toLocaleString('en-US')} calls chosen, ${bins.inView.toLocaleString('en-US')} in view`;
}

function endsOfOrder({ axis, view, calls }: Page): readonly [string, string] {
  const nameOf = (place: number): string => {
    const call = axis.calls[Math.min(axis.calls.length - 1, Math.max(0, place))];
    return call === undefined ? '' : `call ${(calls.numbers.row[call] ?? 0).toLocaleString('en-US')}`;
  };
  return [nameOf(Math.ceil(view.from)), nameOf(Math.floor(view.to))];
}

function tell(page: Page): void {
  const slider = byId('slider', HTMLElement);
  const { axis, place } = page;
  const words = place < 0 ? null : wordsAt(page, place);
  slider.setAttribute('aria-valuemin', '1');
  slider.setAttribute('aria-valuemax', String(Math.max(1, axis.calls.length)));
  slider.setAttribute('aria-valuenow', String(Math.max(1, place + 1)));
  slider.setAttribute('aria-valuetext', words === null ? 'no call is left by these filters' : spokenCall(words));
  showCall(words);
  const first = Math.max(0, Math.min(place - (WINDOW_ROWS >> 1), axis.calls.length - WINDOW_ROWS));
  const rows = Array.from({ length: Math.min(WINDOW_ROWS, axis.calls.length) }, (_, i) => wordsAt(page, first + i));
  showWindow(rows, words?.row ?? -1, (at) => { moveTo(page, first + at); });
}

/** Draws once a frame however much has happened. */
function refresh(page: Page): void {
  if (page.waiting) return;
  page.waiting = true;
  requestAnimationFrame(() => {
    page.waiting = false;
    draw(page);
    tell(page);
  });
}

function moveTo(page: Page, place: number): void {
  if (page.axis.calls.length === 0) return;
  page.place = Math.min(page.axis.calls.length - 1, Math.max(0, place));
  page.view = showing(page.axis, page.view, page.axis.x[page.place] ?? 0);
  refresh(page);
}

/** Lays the chosen calls out anew, staying at the call that was chosen where it is still there. */
function layOut(page: Page, choice: Choice): void {
  const call = page.axis.calls[page.place];
  const chosen = chooseCalls(page.calls, choice);
  page.choice = choice;
  page.axis = page.byTime ? timeAxis(chosen, page.calls.numbers.tsMs) : orderAxis(chosen);
  page.view = wholeView(page.axis);
  page.place = page.axis.calls.length === 0 ? -1 : Math.max(0, call === undefined ? 0 : page.axis.calls.indexOf(call));
  refresh(page);
}

function zoomBy(page: Page, factor: number, at?: number): void {
  page.view = zoomed(page.axis, page.view, factor, at ?? page.axis.x[page.place] ?? (page.view.from + page.view.to) / 2);
  refresh(page);
}

function stepMarked(page: Page, direction: 1 | -1): void {
  const { marks } = page.calls.numbers;
  const bits = page.data.findingBits | (page.data.bits['change'] ?? 0);
  const found = nextMarked(page.axis, page.place, direction, (call) => ((marks[call] ?? 0) & bits) !== 0);
  if (found >= 0) moveTo(page, found);
}

/** Goes to a row that the page names elsewhere, which a filter may have hidden. */
function goToRow(page: Page, row: number): void {
  const call = page.calls.numbers.row.indexOf(row);
  if (call < 0) return;
  if (!page.axis.calls.includes(call)) layOut(page, clearControls());
  moveTo(page, page.axis.calls.indexOf(call));
  byId('slider', HTMLElement).scrollIntoView({ block: 'center' });
  byId('slider', HTMLElement).focus({ preventScroll: true });
}

function startButtons(page: Page): void {
  const on = (id: string, act: () => void): void => { byId(id, HTMLButtonElement).addEventListener('click', act); };
  on('zoom-in', () => { zoomBy(page, 0.5); });
  on('zoom-out', () => { zoomBy(page, 2); });
  on('zoom-all', () => { showAll(page); });
  on('found-before', () => { stepMarked(page, -1); });
  on('found-next', () => { stepMarked(page, 1); });
  on('clear', () => { layOut(page, clearControls()); });
  const byTime = byId('by-time', HTMLInputElement);
  byTime.checked = false;
  byTime.addEventListener('change', () => {
    page.byTime = byTime.checked;
    layOut(page, page.choice);
  });
  document.addEventListener('click', (event) => {
    const row = event.target instanceof Element ? event.target.closest('a[data-row]')?.getAttribute('data-row') : null;
    if (row === null || row === undefined) return;
    // Following the link would take the focus off the timeline again.
    event.preventDefault();
    goToRow(page, Number(row));
  });
}

function showAll(page: Page): void {
  page.view = wholeView(page.axis);
  refresh(page);
}

/** Makes the timeline live. Without this script the page says the same, and shows a summary instead. */
export function startTimeline(): void {
  const data = JSON.parse(byId('data', HTMLScriptElement).textContent) as PageData;
  const page = openPage(data);
  startControls(page.calls, data, () => { layOut(page, choiceOfControls(data)); });
  startButtons(page);
  document.documentElement.classList.add('is-live');
  byId('live', HTMLElement).hidden = false;
  const slider = byId('slider', HTMLElement);
  listenToKeys(slider, {
    step: (by) => { moveTo(page, page.place + by); },
    edge: (end) => { moveTo(page, end < 0 ? 0 : page.axis.calls.length - 1); },
    found: (direction) => { stepMarked(page, direction); },
    zoom: (factor) => { zoomBy(page, factor); },
    all: () => { showAll(page); },
  });
  listenToPointer(slider, byId('canvas', HTMLCanvasElement), {
    view: () => page.view,
    choose: (at) => { moveTo(page, nearestPlace(page.axis, at)); },
    zoomTo: (view) => {
      page.view = bounded(page.axis, view);
      refresh(page);
    },
    zoomAt: (factor, at) => { zoomBy(page, factor, at); },
  });
  new ResizeObserver(() => { refresh(page); }).observe(slider);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { refresh(page); });
  refresh(page);
}
