import { isJsonObject, type JsonObject, type JsonValue } from '#base/json.ts';
import { canonicalTypeOf } from '#protocol/netra-aliases.ts';
import { statedType } from '#protocol/netra-envelope.ts';
import { errorOf } from '#protocol/netra-errors.ts';
import { eventAliases, toolEventAliases, type Aliases, type IdentifierField } from '#protocol/netra-fields.ts';
import type { PseudonymKind } from '#record/pseudonyms.ts';
import type { ExportLeaves } from './export-leaves.ts';

const kindOf: Readonly<Record<IdentifierField, PseudonymKind>> = { runId: 'run', threadId: 'thread', userId: 'user', eventId: 'event', agent: 'agent', tool: 'tool', toolCallId: 'call' };
const typeFields: ReadonlySet<string> = new Set(['type', 'event', 'event_type', 'message_type', 'status', 'state', 'phase', 'mode']);
const flags: ReadonlySet<string> = new Set(['recovered', 'critical']);
/** In these further fields are read. */
const containers: ReadonlySet<string> = new Set(['payload', 'data', 'metadata', 'error']);
const codeFields: ReadonlySet<string> = new Set(['code', 'error_code']);
const errorTexts: ReadonlySet<string> = new Set(['message', 'error', 'error_message']);
const standInText = 'left out';
/** Stand for an error's code or words, by what they say that it is of. */
const standIns = { auth: 'unauthorized', connection: 'connection', run: standInText } as const;

/** How the fields of one message are read. */
interface Message {
  readonly aliases: Aliases;
  readonly isError: boolean;
}

/** Makes what leaves of the messages of Netra, out of what its dialect reads: the rest is not in it. */
export class NetraExport {
  readonly #leaves: ExportLeaves;

  constructor(leaves: ExportLeaves) {
    this.#leaves = leaves;
  }

  /** A message as it leaves: decoded, it says the same. `event`: the name of its Socket.IO event, or of its group in a batch. */
  message(data: JsonValue, event: string | undefined): JsonValue {
    if (Array.isArray(data)) return data.map((item: JsonValue) => this.message(item, undefined));
    if (!isJsonObject(data)) return this.#leaves.unread(data);
    const type = statedType(data, event);
    const canonicalType = type === undefined ? '' : canonicalTypeOf(type);
    const isTool = canonicalType === 'tool_executing' || canonicalType === 'tool_completed';
    return this.#part(data, { aliases: isTool ? toolEventAliases : eventAliases, isError: type === 'error' || type === 'error_message' }, true);
  }

  #part(part: JsonObject, message: Message, isOutermost: boolean): JsonValue {
    const fields: [string, JsonValue][] = [];
    for (const [key, value] of Object.entries(part)) {
      const made = this.#field(key, value, message, isOutermost);
      if (made !== undefined) fields.push([key, made]);
      else {
        const kept = this.#leaves.rest(key, value);
        if (kept !== undefined) fields.push([this.#leaves.restKey(key), kept]);
      }
    }
    return Object.fromEntries(fields);
  }

  /** A field that is read; undefined of another. */
  #field(key: string, value: JsonValue, message: Message, isOutermost: boolean): JsonValue | undefined {
    if (containers.has(key) && isJsonObject(value)) return this.#part(value, message, false);
    if (key === 'events' && isOutermost && typeof value === 'object' && value !== null) return this.#batch(value);
    if (typeFields.has(key)) return this.#leaves.name(value, 'type');
    if (key === 'timestamp') return this.#leaves.time(value);
    if (flags.has(key)) return this.#leaves.flag(value);
    if (message.isError && codeFields.has(key)) return this.#code(value);
    if (message.isError && errorTexts.has(key)) return typeof value === 'string' ? this.#errorText(value) : this.#leaves.unread(value);
    if (isOutermost && (key === 'message_id' || key === 'id')) return this.#leaves.id(value, 'event');
    const alias = message.aliases.get(key);
    if (alias === undefined) return undefined;
    const kind = kindOf[alias.field];
    // In some messages the id of an agent is that of its run.
    return (kind === 'agent' || kind === 'tool') && key !== 'agent_id' ? this.#leaves.name(value, kind) : this.#leaves.id(value, kind);
  }

  /** The events of a batch: a list, or a list for each type. */
  #batch(events: readonly JsonValue[] | JsonObject): JsonValue {
    if (!isJsonObject(events)) return events.map((item) => this.message(item, undefined));
    const groups = Object.entries(events).map(([group, list]): [string, JsonValue] => [
      this.#leaves.key(group),
      Array.isArray(list) ? list.map((item: JsonValue) => this.message(item, group)) : this.#leaves.unread(list),
    ]);
    return Object.fromEntries(groups);
  }

  /** The code of an error stays where it is a word or a number. */
  #code(value: JsonValue): JsonValue {
    if (typeof value !== 'string' || value === '') return typeof value === 'number' ? value : this.#leaves.unread(value);
    const { topic } = errorOf({ code: value });
    const name = this.#leaves.key(value);
    return errorOf({ code: name }).topic === topic ? name : standIns[topic];
  }

  /** What an error says leaves only with the payloads; else words that say as much as is judged by. */
  #errorText(text: string): JsonValue {
    if (text === '') return text;
    const { topic } = errorOf({ message: text });
    const kept = this.#leaves.rest('message', text);
    return typeof kept === 'string' && kept !== '' && errorOf({ message: kept }).topic === topic ? kept : standIns[topic];
  }
}
