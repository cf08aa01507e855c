import type { AgentEvent } from './agent-event.ts';
import type { Decoded, RejectReason } from './dialect.ts';

/** A frame that counts, and has no event in it. */
export const control: Decoded = { kind: 'control' };

export const rejected = (reason: RejectReason): Decoded => ({ kind: 'rejected', reason });

export const decodedEvents = (events: readonly AgentEvent[]): Decoded => ({ kind: 'events', events });
