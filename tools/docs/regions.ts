import { readFileSync } from 'node:fs';
import { interfaceTable } from './interface-table.js';
import { traceColumnsTable, traceFlagsTable, traceWords } from './trace-tables.js';

/** What the doc comment above a flag says. */
function flagMeaning(flag: string): string {
  const [, doc = ''] = new RegExp(String.raw`/\*\* ([^*]*) \*/\s+${flag}:`).exec(readFileSync('src/trace/words.ts', 'utf8')) ?? [];
  return doc;
}

function made(what: string): string {
  const [kind = '', path = '', name = ''] = what.split(' ');
  if (kind === 'interface') return interfaceTable(path, name);
  if (kind === 'trace-columns') return traceColumnsTable();
  if (kind === 'trace-words') return traceWords();
  if (kind === 'trace-flags') return traceFlagsTable(flagMeaning);
  throw new Error(`nothing is known of a region "${what}"`);
}

/**
 * A page with its made regions as the sources have them now. A region stands between `<!-- made: WHAT -->` and
 * `<!-- end -->`; WHAT is `trace-columns`, `trace-words`, `trace-flags` or `interface FILE NAME`.
 */
export function withRegions(page: string): string {
  return page.replaceAll(/<!-- made: (.+?) -->\n[\s\S]*?<!-- end -->/g, (_, what: string) => `<!-- made: ${what} -->\n\n${made(what)}\n\n<!-- end -->`);
}
