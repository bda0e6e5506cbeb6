import { hostCapability, hostError, outcomeOfError, classOfCapability } from '../../trace/import/meanings.js';
import { classOfTarget } from '../../trace/import/resources.js';
import type { TraceMetadata } from '../../trace/metadata.js';
import type { TraceRow } from '../../trace/row.js';
import type { TraceColumnName } from '../../trace/schema.js';
import type { ScenarioCall } from './call.js';

/** Columns of a scenario's traces beside those that are never null. */
const FILLED: readonly TraceColumnName[] = ['ts', 'session', 'call_id', 'native_capability', 'method', 'tool', 'resource', 'error_code', 'native_error', 'latency_us', 'latency_kind', 'bytes_in', 'bytes_out', 'label'];

const ALWAYS: readonly TraceColumnName[] = ['seq', 'ts_res_us', 'host', 'source', 'actor', 'phase', 'capability', 'resource_class', 'outcome', 'decision', 'flags'];

/** Columns of a scenario's traces. */
export const SCENARIO_COLUMNS: readonly TraceColumnName[] = [...ALWAYS, ...FILLED];

/** What a scenario's trace says of itself. */
export const SCENARIO_METADATA: TraceMetadata = {
  adapter: 'hindcast.scenario@1',
  coverage: { executed: 'yes', policy_denied: 'not_applicable', gate_denied: 'not_applicable', bad_call: 'not_applicable', nested: 'not_applicable', cannot_show: ['anything real: the calls are invented'] },
  clock: 'wall',
  label_source: 'by construction',
};

/** The host's method that a call goes through. */
export function methodOf({ kind }: ScenarioCall): string {
  return kind.tool === null ? kind.capability : 'tool';
}

/** The row of a call. */
export function scenarioRow(call: ScenarioCall): TraceRow {
  const { kind, errorCode, resource } = call;
  const capability = hostCapability(kind.capability);
  const error = hostError(errorCode);
  return {
    ts: call.startUs,
    ts_res_us: 1,
    host: 'other',
    source: 'hindcast.scenario',
    actor: call.actor,
    session: call.session,
    call_id: call.callId,
    capability,
    native_capability: kind.capability,
    method: methodOf(call),
    tool: kind.tool,
    resource_class: capability === 'net.http' ? classOfTarget(resource) : classOfCapability(capability),
    resource,
    outcome: outcomeOfError(error),
    error_code: error,
    native_error: errorCode,
    latency_us: call.latencyUs,
    latency_kind: 'exec',
    bytes_in: call.bytesSent,
    bytes_out: call.bytesReceived,
    label: call.hostile ? 'attack_succeeded' : 'benign',
  };
}
