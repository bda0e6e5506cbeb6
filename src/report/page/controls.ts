import { visibleText } from '../../visible-text.js';
import { ALL_CALLS, type Choice } from './choose.js';
import { byId, element } from './dom.js';
import type { PageData, WordColumn } from './page-data.js';
import type { Calls } from './unpack.js';

/** Words that a list offers at most, the most frequent ones; the rest is reached by what else can be filtered. */
const OFFERED = 200;

const LISTS = ['input', 'actor', 'capability', 'decision'] as const satisfies readonly WordColumn[];

/** Codes of a column, the most frequent first, and how often each occurs. */
function frequentCodes(codes: ArrayLike<number>, words: number): (readonly [code: number, count: number])[] {
  const counts = new Uint32Array(words + 1);
  for (let i = 0; i < codes.length; i += 1) counts[codes[i] ?? 0] = (counts[codes[i] ?? 0] ?? 0) + 1;
  return Array.from(counts, (count, code) => [code, count] as const).filter(([code, count]) => code > 0 && count > 0).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

function fillList(name: (typeof LISTS)[number], calls: Calls, { words }: PageData): void {
  const list = byId(`only-${name}`, HTMLSelectElement);
  const codes = frequentCodes(calls.numbers[name], words[name].length);
  for (const [code, count] of codes.slice(0, OFFERED)) {
    const label = visibleText(words[name][code - 1] ?? '');
    const option = element('option', `${label.length > 60 ? `${label.slice(0, 59)}\u2026` : label} (${count.toLocaleString('en-US')})`);
    option.value = String(code);
    list.append(option);
  }
  if (codes.length > OFFERED) list.append(Object.assign(element('option', `${String(codes.length - OFFERED)} more are not listed`), { disabled: true }));
  const label = list.closest('label');
  if (label !== null) label.hidden = codes.length < 2;
}

function codeIn(name: string): number | null {
  const { value } = byId(`only-${name}`, HTMLSelectElement);
  return value === '' ? null : Number(value);
}

/** What the filters are set to. */
export function choiceOfControls({ findingBits, bits }: PageData): Choice {
  const show = byId('only-show', HTMLSelectElement).value;
  return {
    input: codeIn('input'),
    actor: codeIn('actor'),
    capability: codeIn('capability'),
    decision: codeIn('decision'),
    marks: show === 'found' ? findingBits : show === 'failed' ? (bits['failed'] ?? 0) : 0,
    label: show === 'unsafe' ? 2 : null,
    text: byId('only-text', HTMLInputElement).value.trim(),
  };
}

/** Sets the filters back. */
export function clearControls(): Choice {
  for (const name of [...LISTS, 'show']) byId(`only-${name}`, HTMLSelectElement).value = '';
  byId('only-text', HTMLInputElement).value = '';
  return ALL_CALLS;
}

/** Fills the lists, and tells whenever a filter is changed. */
export function startControls(calls: Calls, data: PageData, onChange: () => void): void {
  for (const name of LISTS) {
    fillList(name, calls, data);
    byId(`only-${name}`, HTMLSelectElement).addEventListener('change', onChange);
  }
  const show = byId('only-show', HTMLSelectElement);
  if (!calls.numbers.label.includes(2)) show.querySelector('option[value=unsafe]')?.remove();
  show.addEventListener('change', onChange);
  byId('only-text', HTMLInputElement).addEventListener('input', onChange);
}
