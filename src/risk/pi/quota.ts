import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { integerIn } from '../../stats/sample.js';

/** The host's limits on one extension, by the names of its configuration; null means none. */
export type PiQuotaConfig = {
  readonly max_hostcalls_per_second: number | null;
  readonly max_hostcalls_per_minute: number | null;
  readonly max_hostcalls_total: number | null;
  readonly max_subprocesses: number | null;
  readonly max_write_bytes: number | null;
  readonly max_http_requests: number | null;
};

type Rates = readonly [perSecond: number, perMinute: number, subprocesses: number];

const open = ([perSecond, perMinute, subprocesses]: Rates): PiQuotaConfig => ({
  max_hostcalls_per_second: perSecond,
  max_hostcalls_per_minute: perMinute,
  max_hostcalls_total: null,
  max_subprocesses: subprocesses,
  max_write_bytes: null,
  max_http_requests: null,
});

/** The host's limits by mode; `prompt` is its default. */
export const PI_QUOTA_MODES: { readonly [mode in 'strict' | 'prompt' | 'permissive']: PiQuotaConfig } = {
  strict: { ...open([20, 500, 4]), max_hostcalls_total: 5000, max_write_bytes: 52_428_800, max_http_requests: 200 },
  prompt: open([100, 2000, 8]),
  permissive: open([500, 10_000, 32]),
};

/**
 * The limits the host runs with, given what a configuration says.
 *
 * @param partial - any limits, integers of at least 0, null for none; what is left out comes from the mode `prompt`
 * @returns all limits
 * @throws {@link InputError} BAD_PARAM for a limit that is no such integer
 * @remarks O(1). The host clamps nothing here: a limit of 0 stops every call it counts.
 * @example
 * ```ts
 * piQuotaConfig({ max_hostcalls_total: 4 }).max_hostcalls_per_second; // => 100
 * ```
 */
export function piQuotaConfig(partial: Partial<PiQuotaConfig> = {}): PiQuotaConfig {
  const config = { ...PI_QUOTA_MODES.prompt, ...partial };
  for (const [name, limit] of Object.entries(config)) if (limit !== null) integerIn(limit, 0, Number.MAX_SAFE_INTEGER, name);
  return config;
}

/** What counts towards a quota; times in milliseconds. */
export type PiQuotaEvent =
  | { readonly op: 'call'; readonly tsMs: number; readonly capability: string }
  | { readonly op: 'write'; readonly bytes: number }
  | { readonly op: 'spawn' }
  | { readonly op: 'exit' };

/** A limit by the host's short name. */
export type PiQuotaLimit = 'per_second' | 'per_minute' | 'total' | 'subprocesses' | 'http' | 'write';

/** State of one extension's quotas. */
export type PiQuotaState = {
  /** Times of the calls let through in the last minute, in the order they came. */
  readonly stamps: readonly number[];
  readonly total: number;
  readonly httpRequests: number;
  /** Running now. */
  readonly subprocesses: number;
  readonly writeBytes: number;
};

/** One step of the host's quotas. */
export interface PiQuotaStep {
  /** null where the event was no call. */
  readonly allowed: boolean | null;
  /** The first limit that stopped the call, in the host's order. */
  readonly limit: PiQuotaLimit | null;
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

/** The host drops what is too old from the front only: after a clock that went back, older stamps stay behind newer ones. */
function pruned(stamps: readonly number[], now: number): readonly number[] {
  const kept = stamps.findIndex((stamp) => stamp >= now - MINUTE_MS);
  return kept === 0 ? stamps : kept < 0 ? [] : stamps.slice(kept);
}

/** Stamps of the last second, from the newest back to the first that is older. */
function lastSecond(stamps: readonly number[], now: number): number {
  let count = 0;
  while (count < stamps.length && (stamps[stamps.length - 1 - count] ?? NaN) >= now - SECOND_MS) count += 1;
  return count;
}

function limitReached(state: PiQuotaState, config: PiQuotaConfig, now: number, capability: string): PiQuotaLimit | null {
  const full = (used: number, limit: number | null): boolean => limit !== null && used >= limit;
  if (full(lastSecond(state.stamps, now), config.max_hostcalls_per_second)) return 'per_second';
  if (full(state.stamps.length, config.max_hostcalls_per_minute)) return 'per_minute';
  if (full(state.total, config.max_hostcalls_total)) return 'total';
  if (capability === 'exec' && full(state.subprocesses, config.max_subprocesses)) return 'subprocesses';
  if (capability === 'http' && full(state.httpRequests, config.max_http_requests)) return 'http';
  return capability === 'write' && full(state.writeBytes, config.max_write_bytes) ? 'write' : null;
}

function called(before: PiQuotaState, config: PiQuotaConfig, tsMs: number, capability: string): { state: PiQuotaState; limit: PiQuotaLimit | null } {
  const now = integerIn(tsMs, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'tsMs') + 0;
  const state = { ...before, stamps: pruned(before.stamps, now) };
  const limit = limitReached(state, config, now, capability);
  if (limit !== null) return { state, limit };
  const http = capability === 'http' ? 1 : 0;
  return { state: { ...state, stamps: [...state.stamps, now], total: state.total + 1, httpRequests: state.httpRequests + http }, limit };
}

/**
 * The host's own quotas of one extension; take {@link scanByKey} for several. For replaying it.
 *
 * @param config - of {@link piQuotaConfig} or {@link PI_QUOTA_MODES}
 * @returns a detector of calls and of what they did: bytes written, processes started and ended
 * @throws {@link InputError} BAD_PARAM for a limit, a time or a count that is no integer, or an event that is none
 * @remarks No guarantee but the counts themselves. The host's quotas use the system's clock, its ledgers the runtime's
 * own: replayed from a ledger, limits per second may fall differently. State and time a step O(calls let through in a
 * minute), more where the clock goes back.
 * @example
 * ```ts
 * const calls = [0, 0, 1000, 1001].map((tsMs) => ({ op: 'call', tsMs, capability: 'read' }));
 * const steps = [...scan(piQuota(piQuotaConfig({ max_hostcalls_per_second: 2 })), calls)];
 * steps.map(({ out }) => out.limit ?? 'allowed'); // => ['allowed', 'allowed', 'per_second', 'allowed']
 * ```
 */
export function piQuota(config: PiQuotaConfig): Detector<PiQuotaEvent, PiQuotaState, PiQuotaStep> {
  const limits = piQuotaConfig(config);
  return {
    kind: 'pi-quota',
    version: 1,
    params: limits,
    init: () => ({ stamps: [], total: 0, httpRequests: 0, subprocesses: 0, writeBytes: 0 }),
    step(before, event) {
      const counted = (change: Partial<PiQuotaState>): { state: PiQuotaState; out: PiQuotaStep } => ({
        state: { ...before, ...change },
        out: { allowed: null, limit: null },
      });
      switch (event.op) {
        case 'call': {
          const { state, limit } = called(before, limits, event.tsMs, event.capability);
          return { state, out: { allowed: limit === null, limit } };
        }
        case 'write':
          return counted({ writeBytes: before.writeBytes + integerIn(event.bytes, 0, Number.MAX_SAFE_INTEGER, 'bytes') });
        case 'spawn':
          return counted({ subprocesses: before.subprocesses + 1 });
        case 'exit':
          return counted({ subprocesses: Math.max(before.subprocesses - 1, 0) });
        default:
          throw new InputError('BAD_PARAM', `op must be call, write, spawn or exit, got ${String((event as { op: unknown }).op)}`);
      }
    },
  };
}
