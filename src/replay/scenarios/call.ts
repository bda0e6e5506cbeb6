import type { ScenarioKind } from './kinds.js';

/** A call that a scenario made, and the truth about it. */
export interface ScenarioCall {
  readonly actor: string;
  readonly session: string;
  readonly callId: string;
  readonly kind: ScenarioKind;
  /** Path, URL, command or variable. */
  readonly resource: string;
  /** Microseconds since 1970. */
  readonly startUs: number;
  readonly latencyUs: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** The host's code; null for none. */
  readonly errorCode: string | null;
  /** Whether the scenario's script made it, by construction. */
  readonly hostile: boolean;
  /** Whether it was made under what the scenario is about, hostile or not. */
  readonly changed: boolean;
}
