import { readFileSync } from 'node:fs';

/** A fenced block of a page. */
export interface Fence {
  readonly language: string;
  readonly code: string;
  /** Line of the page that opens it, from 1. */
  readonly line: number;
}

/** Every fenced block of a page, in order. */
export function fencesOf(path: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { language: string; line: number; code: string[] } | null = null;
  readFileSync(path, 'utf8').split('\n').forEach((text, i) => {
    if (open === null) {
      const [, language] = /^```(\w*)/.exec(text) ?? [];
      if (language !== undefined) open = { language, line: i + 1, code: [] };
    } else if (text === '```') {
      fences.push({ language: open.language, line: open.line, code: open.code.join('\n') });
      open = null;
    } else open.code.push(text);
  });
  return fences;
}
