import { readdirSync, readFileSync } from 'node:fs';
import { commandsPage } from './commands-page.js';
import { withRegions } from './regions.js';

/** Every page of the guides, below docs/. */
export function guidePages(folder = 'docs'): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const path = `${folder}/${item.name}`;
    if (item.isDirectory()) return path === 'docs/api' ? [] : guidePages(path);
    return path.endsWith('.md') ? [path] : [];
  }).sort();
}

/** Pages that are made from the sources, wholly or in part, as they should be now. */
export function madePages(): ReadonlyMap<string, string> {
  const kept = guidePages().filter((path) => path !== 'docs/commands.md').map((path) => [path, readFileSync(path, 'utf8')] as const);
  return new Map([['docs/commands.md', commandsPage()], ...kept.filter(([, text]) => text.includes('<!-- made: ')).map(([path, text]) => [path, withRegions(text)] as const)]);
}
