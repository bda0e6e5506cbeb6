import type { PlotOptions } from '@observablehq/plot';

/** How a legend shows what a mark means: by its form first, then by its colour. */
export interface LegendItem {
  readonly shape: 'line' | 'dashed' | 'dotted' | 'band' | 'dot' | 'ring' | 'diamond' | 'square' | 'tick' | 'triangle' | 'cross' | 'bar';
  readonly color: string;
  readonly label: string;
}

/** What one picture is: the marks for `Plot.plot`, and its words. */
export interface Figure {
  /** What is shown, in one line. */
  readonly title: string;
  /** Units, n and where it comes from, in one line; drawn below the title. */
  readonly subtitle?: string;
  /** What the marks mean; drawn below the subtitle. */
  readonly legend?: readonly LegendItem[];
  /** For `Plot.plot`. Colours read on a white and on a dark page; text is `currentColor`. */
  readonly spec: PlotOptions;
  /** What one would say to somebody who cannot see it: numbers, units, n, the finding. */
  readonly alternative: string;
}
