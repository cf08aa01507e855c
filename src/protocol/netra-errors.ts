import type { JsonObject, JsonValue } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';
import { firstIdentifier } from './identifier.ts';
import { partsOf } from './message-parts.ts';
import { eventAliases, identifiersIn } from './netra-fields.ts';

/** What an error speaks of: the sign-in, the connection itself, or the work that was asked for. */
export type ErrorTopic = 'auth' | 'connection' | 'run';

export interface TargetError {
  readonly topic: ErrorTopic;
  /** In the target's words, at most 300 characters. */
  readonly text: string;
}

const maxText = 300;
const authCode = /^(auth|unauth|jwt|token|invalid_token|no_token|missing_token|ticket|invalid_ticket|forbidden|access_denied|user_not_found|40[13]$|1008$)/i;
const connectionCode = /^(connection|websocket|ws_|handshake|heartbeat|protocol)/i;
const authText = /^(authentication|authorization|unauthori[sz]ed|no token|invalid token|token (is )?(expired|invalid)|jwt|user not found)/i;

/** What a message of type `error` or `error_message` tells, whichever of the wire's six shapes it has. */
export function errorOf(message: JsonObject): TargetError {
  const outer = partsOf(message);
  const parts = [...outer, ...outer.map((part) => part['error']).filter(isJsonObject)];
  const code = firstIdentifier(parts, ['error_code', 'code']);
  const text = firstText(parts, ['error_message', 'message', 'error']) ?? code ?? 'no reason given';
  return { topic: topicOf(code, text, identifiersIn(parts, eventAliases).runId !== undefined), text: text.slice(0, maxText) };
}

// Without a code the words must tell; but an error of a run may well speak of some tool's sign-in.
function topicOf(code: string | undefined, text: string, namesRun: boolean): ErrorTopic {
  if (code === undefined) return !namesRun && authText.test(text) ? 'auth' : 'run';
  if (authCode.test(code)) return 'auth';
  return connectionCode.test(code) ? 'connection' : 'run';
}

function firstText(parts: readonly JsonObject[], names: readonly string[]): string | undefined {
  return names
    .flatMap((name) => parts.map((part): JsonValue | undefined => part[name]))
    .filter((value) => typeof value === 'string')
    .find((value) => value !== '');
}
