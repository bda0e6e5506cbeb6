// Runs the cells of a notebook under this Node and gives what each shows: on-node.mjs NAME
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';

const cells = [];

globalThis.notebook = (id) => { cells.push({ id, outputs: [] }); };
globalThis.Deno = {
  jupyter: {
    display: async (media) => { cells.at(-1).outputs.push({ data: Object.fromEntries(Object.entries(media).sort(([a], [b]) => (a < b ? -1 : 1))) }); },
  },
};

const file = pathToFileURL(resolve(join('build/notebooks/node', `${process.argv[2]}.mjs`))).href;
process.chdir('notebooks');
await import(file);
process.stdout.write(JSON.stringify(cells));
