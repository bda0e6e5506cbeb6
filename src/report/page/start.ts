import { startTimeline } from './main.js';

startTimeline();
