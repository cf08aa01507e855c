import type { JsonObject } from '#base/json.ts';
import { identifierOf } from './identifier.ts';

/** The ids and names of an event that Netra writes under more than one name. */
const identifierFields = ['runId', 'threadId', 'userId', 'eventId', 'agent', 'tool', 'toolCallId'] as const;
export type IdentifierField = (typeof identifierFields)[number];

/** For each field the names under which it was seen, the one that says most first. */
type FieldNames = Readonly<Record<IdentifierField, readonly string[]>>;

/** Which field a name stands for, and how many names of that field say more. */
export type Aliases = ReadonlyMap<string, { readonly field: IdentifierField; readonly rank: number }>;

const names: FieldNames = {
  runId: ['run_id', 'runId', 'correlation_id', 'turn_id', 'task_id'],
  threadId: ['thread_id', 'threadId', 'conversation_id'],
  userId: ['user_id', 'userId'],
  eventId: ['event_id', 'eventId'],
  agent: ['agent_name', 'agent', 'agent_id', 'agent_type', 'sub_agent_name', 'subagent_name'],
  tool: ['tool_name', 'tool'],
  toolCallId: ['execution_id', 'tool_call_id', 'toolCallId', 'call_id'],
};

const aliasesOf = (fields: FieldNames): Aliases =>
  new Map(identifierFields.flatMap((field) => fields[field].map((name, rank) => [name, { field, rank }] as const)));

export const eventAliases = aliasesOf(names);

/** Only on a tool's event is a bare `name` the tool's. */
export const toolEventAliases = aliasesOf({ ...names, tool: [...names.tool, 'name'] });

/** The oldest event stream has `event` and no `type`, and names no run but by the id of the agent's stream. */
export const typelessAliases = aliasesOf({
  ...names,
  runId: [...names.runId, 'agent_id'],
  agent: names.agent.filter((name) => name !== 'agent_id'),
});

export type Identifiers = Record<IdentifierField, string | undefined>;

/**
 * What the parts of a message name: for each field the first identifier under its best name, an earlier part before a later one.
 * One walk over the keys that are there, since asking each part for every name takes most of the time of decoding.
 */
export function identifiersIn(parts: readonly JsonObject[], aliases: Aliases): Identifiers {
  const found: Identifiers = {
    runId: undefined,
    threadId: undefined,
    userId: undefined,
    eventId: undefined,
    agent: undefined,
    tool: undefined,
    toolCallId: undefined,
  };
  const ranks = { runId: Infinity, threadId: Infinity, userId: Infinity, eventId: Infinity, agent: Infinity, tool: Infinity, toolCallId: Infinity };
  for (const part of parts) {
    for (const name in part) {
      const alias = aliases.get(name);
      if (alias === undefined || alias.rank >= ranks[alias.field]) continue;
      const identifier = identifierOf(part[name]);
      if (identifier === undefined) continue;
      found[alias.field] = identifier;
      ranks[alias.field] = alias.rank;
    }
  }
  return found;
}
