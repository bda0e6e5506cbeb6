// Writes what the guides take from the sources: the command reference, tables of formats, and figures.
import { writeFileSync } from 'node:fs';
import { drawSvg } from '../../src/plot/index.js';
import { lawFigures } from './figures/laws.js';
import { recordedFigures } from './figures/recorded.js';
import { streamFigures } from './figures/streams.js';
import { madePages } from './pages.js';

for (const [path, text] of madePages()) writeFileSync(path, text);
for (const [name, figure] of [...recordedFigures(), ...streamFigures(), ...lawFigures()]) writeFileSync(`docs/images/${name}.svg`, `${drawSvg(figure, { theme: 'auto', width: 720 })}\n`);
