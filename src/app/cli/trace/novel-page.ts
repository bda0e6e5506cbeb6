import type { NovelCall, NovelKey } from '../../../baseline/trace/novel.js';
import type { Resources } from '../../../baseline/trace/resources.js';
import type { Page } from '../layout.js';
import { counted } from '../ledger/verify-page.js';

/** What a comparison came to. */
export interface NovelFound {
  readonly calls: number;
  readonly withoutResource: number;
  readonly novelCalls: number;
  readonly novel: readonly NovelCall[];
}

/** New keys that a page shows; --json lists all. */
const SHOWN = 20;
/** Calls of one key that a page names. */
const PLACES = 3;

function placeOf({ file, line, row }: NovelCall): string {
  return line === null ? `row ${String(row)}` : `${file ?? 'line'}:${String(line)}`;
}

/** How paths and groups were told apart. */
export function rules({ depth, by, home }: Resources): string {
  return `paths cut at depth ${String(depth)}${home === null ? '' : `, ~ as ${home}`}; ${by === 'all' ? 'all calls pooled' : `by ${by}`}`;
}

interface KeyOfCalls extends NovelKey {
  readonly capability: string;
  readonly group: string | null;
  readonly calls: NovelCall[];
}

/** New keys, each with its calls, in order of first appearance. */
function byKey(novel: readonly NovelCall[]): KeyOfCalls[] {
  const found = new Map<string, KeyOfCalls>();
  for (const call of novel) {
    for (const key of call.keys) {
      const name = JSON.stringify([call.group, call.capability, key.key]);
      const known = found.get(name);
      if (known === undefined) found.set(name, { ...key, capability: call.capability, group: call.group, calls: [call] });
      else known.calls.push(call);
    }
  }
  return [...found.values()];
}

function showKey(page: Page, { key, nearest, approvedFor, capability, group, calls }: KeyOfCalls): void {
  const more = calls.length - PLACES;
  page.text(`${capability}  ${key}${group === null ? '' : `  (${group})`}`, 'strong');
  page.text(`  ${calls.slice(0, PLACES).map(placeOf).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`);
  const near = nearest === null ? `nothing approved with ${capability}` : `nearest approved: ${nearest}`;
  page.text(`  ${near}${approvedFor.length === 0 ? '' : `; approved with ${approvedFor.join(', ')}`}`, 'quiet');
}

/** Shows which calls touch what approved calls did not. */
export function showNovel(page: Page, found: NovelFound, resources: Resources): void {
  const { calls, withoutResource, novelCalls, novel } = found;
  const keys = byKey(novel);
  const judged = calls - withoutResource;
  if (novelCalls === 0) page.verdict('good', `nothing new: ${counted(judged, 'call')} touch only what approved calls touched`);
  else page.verdict('bad', `${String(novelCalls)} of ${counted(judged, 'call')} touch what no approved call touched`);
  if (withoutResource > 0) page.row('not judged', `${counted(withoutResource, 'call')} without a resource`, 'warn');
  page.row('compared with', `${counted(resources.calls, 'approved call')}, ${counted(resources.groups.reduce((sum, group) => sum + group.keys.length, 0), 'resource')}: ${rules(resources)}`);
  for (const key of keys.slice(0, SHOWN)) {
    page.gap();
    showKey(page, key);
  }
  if (keys.length > SHOWN) {
    page.gap();
    page.text(`and ${counted(keys.length - SHOWN, 'more resource')}: --json lists every call`, 'quiet');
  }
  page.gap();
  page.row('cannot show', 'hostile use of what approved calls use too, and what lies below the depth at which paths are cut', 'quiet');
}

/** Shows what approved calls touched. */
export function showResources(page: Page, resources: Resources): void {
  page.verdict('good', `${counted(resources.groups.reduce((sum, group) => sum + group.keys.length, 0), 'resource')} of ${counted(resources.calls, 'approved call')}`);
  page.row('told apart', rules(resources));
  if (resources.withoutResource > 0) page.row('left out', `${counted(resources.withoutResource, 'call')} without a resource`, 'warn');
  page.gap();
  page.table(
    [{ title: resources.by === 'all' ? '' : resources.by }, { title: 'capability' }, { title: 'resources', right: true }, { title: 'calls', right: true }, { title: 'most' }],
    resources.groups.map(({ group, capability, keys }) => {
      const most = keys.reduce((best, each) => (each.calls > best.calls ? each : best), { key: '', calls: 0 });
      return [group ?? '', capability, String(keys.length), keys.reduce((sum, each) => sum + each.calls, 0).toLocaleString('en-US'), most.key];
    }),
  );
}
