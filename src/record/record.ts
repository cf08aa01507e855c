import type { JsonValue } from '#base/json.ts';
import type { DurationMs, EpochMs } from '#base/units.ts';
import type { MappingInput } from '#environment/mapping-schema.ts';
import type { ContractInput, EnvironmentKind, SloInput, Transport } from '#environment/schema.ts';

/** Everything the monitor learns is one of these, in the order in which it learnt it. `at` is on the monitor's clock. */
export type RunwatchRecord =
  | HeaderRecord
  | StageRecord
  | HealthRecord
  | ConnectionOpenRecord
  | ConnectionCloseRecord
  | ClockSampleRecord
  | TriggerRecord
  | FrameRecord
  | BlindRecord
  | NoteRecord
  | EndRecord;

/** The environment as a capture shows it: what judging needs, and no secret. */
export interface HeaderEnvironment {
  readonly id: string;
  readonly name: string;
  readonly kind: EnvironmentKind;
  readonly transport: Transport;
  /** Its name, or the mapping itself: without it nobody could decode the frames again. */
  readonly dialect: string | MappingInput;
  readonly contract?: ContractInput;
  readonly slo?: SloInput;
}

export interface HeaderRecord {
  readonly record: 'header';
  readonly at: EpochMs;
  readonly format: 'runwatch';
  readonly version: 1;
  readonly app: string;
  readonly environment: HeaderEnvironment;
  /** Only for a `check`: what was asked of it. */
  readonly asked?: { readonly runs?: number; readonly requireProof?: boolean };
}

export type StageName = 'login' | 'connection' | 'handshake';

export interface StageRecord {
  readonly record: 'stage';
  readonly at: EpochMs;
  readonly connection: string;
  readonly stage: StageName;
  readonly outcome: 'passed' | 'failed';
  readonly durationMs: DurationMs;
  readonly code?: number | string;
  readonly reason?: string;
}

export interface HealthRecord {
  readonly record: 'health';
  readonly at: EpochMs;
  readonly ok: boolean;
  readonly status?: number;
  readonly durationMs?: DurationMs;
  readonly version?: string;
  readonly reason?: string;
}

export type WireTransport = 'websocket' | 'polling' | 'sse';

export interface ConnectionOpenRecord {
  readonly record: 'connection-open';
  readonly at: EpochMs;
  readonly connection: string;
  readonly user?: string;
  readonly transport: WireTransport;
  readonly recovered: boolean;
}

/** Who ended a connection. operator and monitor: own decision. */
export type CloseCause = 'server' | 'network' | 'auth' | 'operator' | 'monitor';

export interface ConnectionCloseRecord {
  readonly record: 'connection-close';
  readonly at: EpochMs;
  readonly connection: string;
  readonly cause: CloseCause;
  readonly code?: number;
  readonly reason?: string;
}

export interface ClockSampleRecord {
  readonly record: 'clock-sample';
  readonly at: EpochMs;
  readonly connection: string;
  /** When the question left and the answer came, on the monitor's clock. */
  readonly sentAt: EpochMs;
  readonly receivedAt: EpochMs;
  /** What the target's clock said in between. */
  readonly serverAt: EpochMs;
}

export interface TriggerRecord {
  readonly record: 'trigger';
  readonly at: EpochMs;
  readonly connection: string;
  readonly run?: string;
  readonly thread?: string;
}

export interface FrameRecord {
  readonly record: 'frame';
  readonly at: EpochMs;
  readonly connection: string;
  readonly data?: JsonValue;
  readonly text?: string;
  readonly base64?: string;
  readonly event?: string;
}

export type BlindCause = 'hidden' | 'offline' | 'asleep' | 'stalled';

/** From `from` to `at` the monitor could not be trusted. Written when it wakes, before it does anything else. */
export interface BlindRecord {
  readonly record: 'blind';
  readonly at: EpochMs;
  readonly from: EpochMs;
  readonly cause: BlindCause;
}

export interface NoteRecord {
  readonly record: 'note';
  readonly at: EpochMs;
  readonly text: string;
  readonly author?: string;
  /** The time that it is about, where that is not the time at which it was written. */
  readonly time?: EpochMs;
  /** The run that it is about. */
  readonly run?: string;
  /** The incident that somebody takes on by it, by its key. */
  readonly acknowledges?: string;
}

export interface EndRecord {
  readonly record: 'end';
  readonly at: EpochMs;
}
