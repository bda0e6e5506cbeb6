// Writes what the guides take from the sources: the command reference, tables of formats, and figures.
import { writeFileSync } from 'node:fs';
import { madePages } from './pages.js';

for (const [path, text] of madePages()) writeFileSync(path, text);
