import type { Axis, View } from './axis.js';
import type { Bins } from './bins.js';
import { BAR_HEIGHTS } from './ranks.js';

/** Colours of the page as they are now. */
export interface Ink {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly ranks: readonly string[];
  readonly bad: string;
  readonly change: string;
  readonly focus: string;
}

/** What to draw, and where. Lengths are CSS pixels. */
export interface Scene {
  readonly width: number;
  readonly lanes: readonly string[];
  readonly gutter: number;
  readonly labelled: boolean;
  readonly bins: Bins;
  readonly axis: Axis;
  readonly view: View;
  /** Where the chosen call is on the axis; null where none is in view. */
  readonly at: number | null;
  readonly endTexts: readonly [string, string];
  readonly bits: Readonly<Record<string, number>>;
}

const [FOUND, LANE, FOOT] = [26, 30, 26];

/** Height of a timeline with so many lanes. */
function sceneHeight(lanes: number, labelled: boolean): number {
  return FOUND + (labelled ? 16 : 0) + lanes * LANE + FOOT;
}

function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let kept = text;
  while (kept.length > 1 && context.measureText(`${kept}\u2026`).width > width) kept = kept.slice(0, -1);
  return `${kept}\u2026`;
}

function drawLanes(context: CanvasRenderingContext2D, { lanes, gutter, width, labelled }: Scene, ink: Ink): void {
  context.textBaseline = 'middle';
  context.fillStyle = ink.text;
  context.fillText('found', 0, FOUND / 2);
  if (labelled) context.fillText(fitted(context, 'unsafe', gutter - 8), 0, FOUND + 8);
  const top = FOUND + (labelled ? 16 : 0);
  lanes.forEach((lane, i) => {
    const y = top + i * LANE;
    context.fillStyle = ink.text;
    context.fillText(fitted(context, lane, gutter - 8), 0, y + LANE / 2 + 2);
    context.fillStyle = ink.line;
    context.fillRect(gutter, y + LANE - 1, width - gutter, 1);
  });
}

/** How opaque a bar is: the fuller its stretch, the more. */
function opacity(count: number, most: number): number {
  return most > 1 ? 0.5 + 0.5 * Math.min(1, Math.log1p(count) / Math.log1p(most)) : 1;
}

function drawLane(context: CanvasRenderingContext2D, { bins: { columns, counts, ranks, most }, gutter, width }: Scene, { lane, base }: { readonly lane: number; readonly base: number }, ink: Ink): void {
  const step = (width - gutter) / columns;
  const wide = Math.max(1, step > 4 ? step - 1 : step);
  for (let column = 0; column < columns; column += 1) {
    const count = counts[lane * columns + column] ?? 0;
    if (count === 0) continue;
    const rank = ranks[lane * columns + column] ?? 0;
    const height = (LANE - 6) * (BAR_HEIGHTS[rank] ?? 1);
    context.globalAlpha = opacity(count, most);
    context.fillStyle = ink.ranks[rank] ?? ink.text;
    context.fillRect(gutter + column * step, base - height, wide, height);
  }
}

function drawBars(context: CanvasRenderingContext2D, scene: Scene, ink: Ink): void {
  const top = FOUND + (scene.labelled ? 16 : 0);
  scene.lanes.forEach((_, lane) => { drawLane(context, scene, { lane, base: top + (lane + 1) * LANE - 1 }, ink); });
  context.globalAlpha = 1;
}

function triangle(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x - 4.5, y + 4);
  context.lineTo(x + 4.5, y + 4);
  context.lineTo(x, y - 4.5);
  context.fill();
}

function cross(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x - 4, y - 4);
  context.lineTo(x + 4, y + 4);
  context.moveTo(x + 4, y - 4);
  context.lineTo(x - 4, y + 4);
  context.stroke();
}

function ring(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.stroke();
}

/** What was found in one column. */
function drawFound(context: CanvasRenderingContext2D, { bits }: Scene, mark: number, x: number): void {
  const has = (...names: readonly string[]): boolean => names.some((name) => (mark & (bits[name] ?? 0)) !== 0);
  if (has('fault', 'mismatch')) cross(context, x, FOUND / 2);
  if (has('novel', 'outside')) triangle(context, x, FOUND / 2);
  if (has('alarm')) ring(context, x, FOUND / 2);
}

function drawMarks(context: CanvasRenderingContext2D, scene: Scene, ink: Ink): void {
  const { bins, gutter, width, lanes, labelled, bits } = scene;
  const step = (width - gutter) / bins.columns;
  const height = sceneHeight(lanes.length, labelled) - FOOT;
  const change = bits['change'] ?? 0;
  context.lineWidth = 2;
  context.strokeStyle = ink.bad;
  bins.marks.forEach((mark, column) => {
    const left = gutter + column * step;
    context.fillStyle = ink.text;
    if (labelled && bins.unsafe[column] === 1) context.fillRect(left, FOUND + 4, Math.max(2, step > 4 ? step - 1 : step), 8);
    context.fillStyle = ink.change;
    if ((mark & change) !== 0) for (let y = 2; y < height; y += 6) context.fillRect(left, y, 1.5, 3);
    context.fillStyle = ink.bad;
    drawFound(context, scene, mark, left + step / 2);
  });
  context.lineWidth = 1;
}

function drawFoot(context: CanvasRenderingContext2D, { endTexts, gutter, width, lanes, labelled }: Scene, ink: Ink): void {
  const y = sceneHeight(lanes.length, labelled) - FOOT / 2;
  const half = (width - gutter) / 2 - 8;
  context.fillStyle = ink.quiet;
  context.fillText(fitted(context, endTexts[0], half), gutter, y);
  context.textAlign = 'right';
  context.fillText(fitted(context, endTexts[1], half), width, y);
  context.textAlign = 'left';
}

function drawChosen(context: CanvasRenderingContext2D, { at, view, gutter, width, lanes, labelled }: Scene, ink: Ink): void {
  if (at === null) return;
  const x = gutter + ((at - view.from) / (view.to - view.from)) * (width - gutter);
  context.fillStyle = ink.focus;
  context.fillRect(x - 1, 0, 2, sceneHeight(lanes.length, labelled) - FOOT + 4);
  context.beginPath();
  context.arc(x, sceneHeight(lanes.length, labelled) - FOOT + 4, 4, 0, 2 * Math.PI);
  context.fill();
}

/** Draws a timeline from nothing. */
export function drawScene(canvas: HTMLCanvasElement, scene: Scene, ink: Ink): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const [ratio, height] = [Math.min(3, window.devicePixelRatio || 1), sceneHeight(scene.lanes.length, scene.labelled)];
  canvas.width = Math.round(scene.width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${String(height)}px`;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = '12px system-ui, sans-serif';
  drawLanes(context, scene, ink);
  drawBars(context, scene, ink);
  drawMarks(context, scene, ink);
  drawFoot(context, scene, ink);
  drawChosen(context, scene, ink);
}
