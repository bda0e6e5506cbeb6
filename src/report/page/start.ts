import { startTimeline } from './main.js';

// The page is shown before its calls are unpacked.
requestAnimationFrame(() => { startTimeline(); });
