export { detectorFigure, type AlarmMark, type DetectorTrace, type StatisticTrace } from './detector-trace.js';
export { drawSvg, type DrawOptions, type Theme } from './draw-svg.js';
export type { Figure, LegendItem } from './figure.js';
export { shortLabel } from './label.js';
export { GROUNDS, PALETTE, type Ground } from './palette.js';
export { stationaryFigure, transitionFigure, type About } from './transitions.js';
