import type { EpochMs } from '#base/units.ts';

/**
 * One agent event as the contract knows it, whatever dialect it came in.
 * Every field is always there (`undefined` where the target said nothing), so that all events share one object shape.
 */
export interface AgentEvent {
  readonly type: string;
  readonly runId: string | undefined;
  readonly threadId: string | undefined;
  readonly userId: string | undefined;
  readonly eventId: string | undefined;
  /** The target's sequence number, an integer. */
  readonly seq: number | undefined;
  /** When the target says it sent the event, on the target's clock. */
  readonly sentAt: EpochMs | undefined;
  readonly agent: string | undefined;
  readonly tool: string | undefined;
  readonly toolCallId: string | undefined;
  /** Re-sent after a reconnect: delivered, but says nothing about latency. */
  readonly recovered: boolean;
}
