import type { JsonValue } from '#base/json.ts';
import type { EpochMs } from '#base/units.ts';
import type { AgentEvent } from './agent-event.ts';

/** One message as it came off the wire: exactly one of `data` (parsed JSON), `text` (not JSON) and `base64` (binary). */
export interface Frame {
  readonly data?: JsonValue;
  readonly text?: string;
  readonly base64?: string;
  /** Socket.IO only: the event's name. */
  readonly event?: string;
}

/** Why a frame could not be decoded. A closed list: every reason has a sentence for the screen. */
export const rejectReasons = ['not-json', 'binary', 'no-type', 'too-deep', 'too-large', 'bad-number', 'broken-chunks'] as const;
export type RejectReason = (typeof rejectReasons)[number];

export type Decoded =
  /** Heartbeats, welcomes, acknowledgements: counted, no event in it. */
  | { readonly kind: 'control' }
  | { readonly kind: 'events'; readonly events: readonly AgentEvent[] }
  | { readonly kind: 'rejected'; readonly reason: RejectReason };

/** Turns the frames of ONE connection into events, in order. Never throws. Holds state only where a dialect splits messages into chunks. */
export interface Decoder {
  decode(frame: Frame): Decoded;
  /** What the frame that was decoded last, and not rejected, looks like: one of a few constant texts, so that a shape that is new is seen. */
  shapeOf?(frame: Frame, decoded: Decoded): string;
}

/** What a frame means for the connection itself (as opposed to for the runs). */
export interface Heard {
  /** The dialect's welcome is complete: triggers may be sent. */
  readonly ready?: boolean;
  /** The user as whom the target has signed this connection in. */
  readonly user?: string;
  /** The thread that the target gave in its handshake. */
  readonly thread?: string;
  /** Messages that the dialect owes in answer (a pong, a handshake acknowledgement). */
  readonly replies?: readonly JsonValue[];
  /** The target's answer to the last clock question. */
  readonly serverAt?: EpochMs;
  /** The target refused the sign-in; the text says why, in the target's words. */
  readonly authRefused?: string;
  /** The target says that this connection will never stream runs (for example a wrong mode); why. */
  readonly unusable?: string;
}

/** What a probe message may speak of. */
export interface TriggerValues {
  readonly run: string;
  readonly thread: string;
  readonly user: string;
  /** The connection's number, from 0. */
  readonly n: number;
}

/** What the live side of ONE socket says and hears: a reconnect begins a new one. Never throws, has no clock and no socket of its own. */
export interface Conversation {
  /** What `frame`, received at `now`, means for the connection. */
  hear(frame: Frame, now: EpochMs): Heard;
  /** The message that asks the target for its time, or undefined where the dialect has none. It is to be sent at once. */
  clockQuestion(now: EpochMs): JsonValue | undefined;
}

/** What a dialect has a place for: what it has none for can never be measured, however well the target works. */
export interface Abilities {
  /** Numbers of events, without which loss is told by rules alone. */
  readonly seq: boolean;
  /** Times of sending, without which there is no latency. */
  readonly sentAt: boolean;
  /** Ids of tool calls, without which calls of one tool are not told apart. */
  readonly toolCalls: boolean;
  readonly tools: boolean;
  /** Ids of runs, without which events go to the run that is open. */
  readonly runIds: boolean;
  /** Ids of events, without which a repeated event is told by its number or its content. */
  readonly eventIds: boolean;
  /** A question for the target's time, without which its times are not comparable with the monitor's. */
  readonly clock: boolean;
}

/** Where a dialect does not fit a frame, for people who are writing a mapping. */
export interface Remark {
  /** `no-type`: why the frame was rejected. `wrong-kind`: what stands there cannot be read, so the event goes without it. `not-there`: so too, but events of some types may well have none. */
  readonly kind: 'no-type' | 'no-entry' | 'wrong-kind' | 'not-there';
  /** As the mapping writes it. */
  readonly path: string;
  /** Which path, what was expected, and what was found; keys of the frame, but never its values. */
  readonly text: string;
}

export interface Dialect {
  readonly id: string;
  /** True where a target of this dialect greets, so that triggers wait for it (1 s at most). */
  readonly greets: boolean;
  /** The message that starts a run, with the placeholders that `fillTemplate` fills. */
  readonly triggerTemplate: JsonValue;
  readonly abilities: Abilities;
  createDecoder(): Decoder;
  createConversation(): Conversation;
  /** Where the dialect, being a mapping, does not fit a frame. */
  explain?(frame: Frame): readonly Remark[];
}
