import { PI_QUOTA_MODES, piQuota, piQuotaConfig, scan, type JsonNode, type PiQuotaEvent } from '../../../src/index.js';
import { hostConfig } from '../host-values.js';
import { field, listField, numberOf, textField } from '../input.js';
import type { Subject } from '../subject.js';

function eventOf(call: JsonNode): PiQuotaEvent {
  const op = field(call, 'op') ?? 'call';
  if (op === 'write') return { op, bytes: numberOf(field(call, 'bytes')) };
  if (op === 'spawn' || op === 'exit') return { op };
  return { op: 'call', tsMs: numberOf(field(call, 'ts_ms')), capability: textField(call, 'capability') };
}

/** The host's quotas, call by call. */
export const subject: Subject = (input) => {
  const mode = field(input, 'mode');
  const preset = mode === 'strict' || mode === 'prompt' || mode === 'permissive' ? PI_QUOTA_MODES[mode] : {};
  const config = piQuotaConfig({ ...preset, ...hostConfig(field(input, 'config'), null) });
  return {
    config,
    steps: [...scan(piQuota(config), listField(input, 'calls').map(eventOf))].map(({ out, state: { state } }) => ({
      ...(out.allowed === null ? {} : { result: out.allowed ? 'allowed' : 'exceeded' }),
      ...(out.limit === null ? {} : { limit: out.limit }),
      http: state.httpRequests,
      subprocesses: state.subprocesses,
      total: state.total,
      window: state.stamps.length,
      write_bytes: state.writeBytes,
    })),
  };
};
