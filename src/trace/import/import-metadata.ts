import type { TraceCoverage, TraceMetadata, TraceShown } from '../metadata.js';
import { TRACE_COLUMNS, type TraceColumnName } from '../schema.js';
import type { Importer } from './importer.js';

function together(shown: readonly TraceShown[]): TraceShown {
  const [first = 'no'] = shown;
  return shown.every((each) => each === first) ? first : 'partly';
}

function coverageOf(importers: readonly Importer[]): TraceCoverage {
  const all = importers.map(({ coverage }) => coverage);
  const sentences = importers.flatMap(({ name, coverage }) => coverage.cannot_show.map((each) => (importers.length === 1 ? each : `${name}: ${each}`)));
  return {
    executed: together(all.map((each) => each.executed)),
    policy_denied: together(all.map((each) => each.policy_denied)),
    gate_denied: together(all.map((each) => each.gate_denied)),
    bad_call: together(all.map((each) => each.bad_call)),
    nested: together(all.map((each) => each.nested)),
    cannot_show: sentences,
  };
}

/**
 * What a trace says of itself that these importers made, each of them named once, in order.
 *
 * @remarks Where sources show different things, the trace shows them partly.
 */
export function importMetadata(importers: readonly Importer[]): TraceMetadata {
  const clocks = new Set(importers.map(({ clock }) => clock));
  return {
    adapter: importers.map(({ name, version }) => `${name}@${String(version)}`).join(','),
    coverage: coverageOf(importers),
    // A row without a clock says so itself: its ts_res_us is 0.
    clock: clocks.has('wall') ? 'wall' : clocks.has('monotonic') ? 'monotonic' : 'none',
  };
}

/** Columns of a trace that these importers make: those that are never null, and what any of them fills. */
export function importColumns(importers: readonly Importer[], more: readonly TraceColumnName[] = []): readonly TraceColumnName[] {
  const filled = new Set([...importers.flatMap(({ fills }) => fills), ...more]);
  return TRACE_COLUMNS.filter(({ name, nullable }) => !nullable || filled.has(name)).map(({ name }) => name);
}
