import { isJsonObject, type JsonObject, type JsonValue } from '#base/json.ts';

/** What a client's message says about the run that it starts; what it leaves out the target makes itself. */
export interface Trigger {
  readonly runId: string | undefined;
  readonly threadId: string | undefined;
  /** A scenario asked for this very run, not yet checked. */
  readonly scenario: string | undefined;
}

const triggerTypes: ReadonlySet<unknown> = new Set(['user_message', 'chat_message', 'message', 'user_input', 'chat', 'start_agent', 'execute_agent', 'agent_request']);

/** True for the message types that start a run. */
export const isTrigger = (type: unknown): boolean => triggerTypes.has(type);

/** Reads the ids at the top level of the message, else in its `payload`. */
export function readTrigger(message: JsonObject): Trigger {
  const payload = isJsonObject(message['payload']) ? message['payload'] : {};
  const find = (...keys: readonly string[]): string | undefined => {
    for (const place of [message, payload]) {
      for (const key of keys) {
        const id = idOf(place[key]);
        if (id !== undefined) return id;
      }
    }
    return undefined;
  };
  return { runId: find('runId', 'run_id'), threadId: find('threadId', 'thread_id'), scenario: find('scenario') };
}

function idOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value.length > 0 && value.length <= 200 ? value : undefined;
}
