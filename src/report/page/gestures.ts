import type { View } from './axis.js';

/** What keys ask for. */
export interface KeyActions {
  readonly step: (by: number) => void;
  readonly edge: (end: -1 | 1) => void;
  readonly found: (direction: -1 | 1) => void;
  readonly zoom: (factor: number) => void;
  readonly all: () => void;
}

/** What a pointer asks for. Places are those of the axis. */
export interface PointerActions {
  readonly view: () => View;
  readonly choose: (at: number) => void;
  readonly zoomTo: (view: View) => void;
  readonly zoomAt: (factor: number, at: number) => void;
}

/** What each key does. */
function keyActions(actions: KeyActions): ReadonlyMap<string, () => void> {
  return new Map([
    ['ArrowRight', () => { actions.step(1); }],
    ['ArrowDown', () => { actions.step(1); }],
    ['ArrowLeft', () => { actions.step(-1); }],
    ['ArrowUp', () => { actions.step(-1); }],
    ['PageDown', () => { actions.step(10); }],
    ['PageUp', () => { actions.step(-10); }],
    ['Home', () => { actions.edge(-1); }],
    ['End', () => { actions.edge(1); }],
    ['n', () => { actions.found(1); }],
    ['p', () => { actions.found(-1); }],
    ['+', () => { actions.zoom(0.5); }],
    ['=', () => { actions.zoom(0.5); }],
    ['-', () => { actions.zoom(2); }],
    ['0', () => { actions.all(); }],
  ]);
}

/** Listens to keys while the timeline has the focus; those with a modifier stay the browser's. */
export function listenToKeys(target: HTMLElement, actions: KeyActions): void {
  const known = keyActions(actions);
  target.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = known.get(event.key);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

/** Pixels that a pointer must go before it is a stretch and no click. */
const STRETCH = 6;

/** A click chooses, a stretch zooms, the wheel zooms while the timeline has the focus. */
export function listenToPointer(target: HTMLElement, canvas: HTMLCanvasElement, actions: PointerActions): void {
  let start: number | null = null;
  const placeAt = (clientX: number): number => {
    const { left, width } = canvas.getBoundingClientRect();
    const gutter = width < 560 ? 84 : 132;
    const { from, to } = actions.view();
    return from + (Math.min(1, Math.max(0, (clientX - left - gutter) / (width - gutter)))) * (to - from);
  };
  target.addEventListener('pointerdown', ({ clientX, button, pointerId }) => {
    if (button !== 0) return;
    start = clientX;
    target.setPointerCapture(pointerId);
  });
  target.addEventListener('pointerup', ({ clientX }) => {
    if (start === null) return;
    const [from, to] = [Math.min(start, clientX), Math.max(start, clientX)];
    if (to - from < STRETCH) actions.choose(placeAt(clientX));
    else actions.zoomTo({ from: placeAt(from), to: placeAt(to) });
    start = null;
  });
  target.addEventListener('pointercancel', () => { start = null; });
  target.addEventListener('wheel', (event) => {
    if (document.activeElement !== target) return;
    event.preventDefault();
    actions.zoomAt(event.deltaY > 0 ? 1.25 : 0.8, placeAt(event.clientX));
  }, { passive: false });
}
