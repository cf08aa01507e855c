import type { AgentEvent } from './agent-event.ts';
import type { Decoded, RejectReason } from './dialect.ts';

/** A frame that counts, and has no event in it. */
export const control: Decoded = { kind: 'control' };

export const rejected = (reason: RejectReason): Decoded => ({ kind: 'rejected', reason });

/** Events in the order in which they were sent, for a batch that has lost it; one without a time goes last. */
export const inSendingOrder = (events: readonly AgentEvent[]): readonly AgentEvent[] => events.toSorted(bySentAt);

function bySentAt(a: AgentEvent, b: AgentEvent): number {
  const first = a.sentAt ?? Infinity;
  const second = b.sentAt ?? Infinity;
  return first === second ? 0 : first - second;
}

export const decodedEvents = (events: readonly AgentEvent[]): Decoded => ({ kind: 'events', events });
