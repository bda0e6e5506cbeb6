import { byId, element, kept } from './dom.js';
import type { CallWords } from './wording.js';

const FACTS: readonly (readonly [name: string, key: Exclude<keyof CallWords, 'row' | 'found' | 'isFinding'>])[] = [
  ['time (UTC)', 'time'], ['actor', 'actor'], ['capability', 'capability'], ['touched', 'resource'], ['decision', 'decision'], ['risk state', 'state'],
  ['reason', 'reason'], ['score', 'score'], ['outcome', 'outcome'], ['latency', 'latency'], ['label', 'label'], ['call id', 'callId'],
];

/** Shows all that the page holds of one call. */
export function showCall(words: CallWords | null): void {
  const [title, list] = [byId('call-title', HTMLElement), byId('call-facts', HTMLElement)];
  title.textContent = words === null ? 'No call is left by these filters' : `Call ${words.row.toLocaleString('en-US')}`;
  list.replaceChildren();
  if (words === null) return;
  const add = (name: string, value: HTMLElement | string): void => {
    const fact = element('div');
    const definition = element('dd');
    definition.append(value);
    fact.append(element('dt', name), definition);
    list.append(fact);
  };
  const found = element('dd');
  for (const text of words.found) found.append(element('span', text, 'note'));
  if (words.found.length === 0) found.textContent = 'nothing';
  const fact = element('div', '', words.found.length === 0 ? '' : words.isFinding ? 'bad wide' : 'wide');
  fact.append(element('dt', 'found'), found);
  list.append(fact);
  for (const [name, key] of FACTS) if (words[key] !== '') add(name, kept(words[key]));
  add('record', kept(`${words.input}${words.place === '' ? '' : `, record ${words.place}`}`));
}

/** A score short enough for a table; the facts have all of its digits. */
function shortScore(score: string): string {
  return score === '' ? '' : String(Number(Number(score).toPrecision(4)));
}

/** Shows calls around the chosen one as rows of a table. */
export function showWindow(rows: readonly CallWords[], chosen: number, onChoose: (at: number) => void): void {
  const body = byId('window', HTMLTableElement).tBodies[0];
  if (body === undefined) return;
  body.replaceChildren(...rows.map((words, at) => {
    const row = element('tr', '', words.row === chosen ? 'chosen' : '');
    const pick = element('button', words.row.toLocaleString('en-US'), 'pick');
    pick.type = 'button';
    pick.tabIndex = -1;
    const cells = [words.time.slice(11), words.capability, words.resource, words.decision, shortScore(words.score), words.outcome, words.found.join('; ')];
    const first = element('td', '', 'number');
    first.append(pick);
    row.append(first, ...cells.map((text, k) => {
      const cell = element('td', '', k === 4 ? 'number' : k === 6 ? `what ${words.isFinding ? 'bad' : ''}` : '');
      cell.append(kept(text));
      return cell;
    }));
    if (words.row === chosen) row.setAttribute('aria-current', 'true');
    row.addEventListener('click', () => { onChoose(at); });
    return row;
  }));
}
