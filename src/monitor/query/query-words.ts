import { violationKinds } from '#runs/run.ts';

/** What a query may speak of. */
export const queryFields = ['type', 'user', 'connection', 'run', 'thread', 'tool', 'agent', 'status', 'violation', 'fault', 'disposition', 'latency', 'gap', 'at', 'text', 'is'] as const;
export type QueryField = (typeof queryFields)[number];

/** Fields whose value is a name. */
export type NameField = Exclude<QueryField, 'latency' | 'gap' | 'at' | 'text' | 'is'>;

/** What may be said of an event in one word. */
export const flagWords = ['unpaired', 'lossy', 'late', 'duplicate', 'leaked', 'orphan', 'echo', 'recovered'] as const;
export type FlagWord = (typeof flagWords)[number];

export const statusWords = ['running', 'complete', 'incomplete', 'failed', 'inconclusive'] as const;

/** The values of the fields that know no other ones. */
export const closedValues: ReadonlyMap<QueryField, readonly string[]> = new Map<QueryField, readonly string[]>([
  ['status', statusWords],
  ['violation', violationKinds],
  ['fault', ['none', 'agent', 'auth', 'monitor', 'network', 'server']],
  ['disposition', ['attributed', 'duplicate', 'late', 'cross-talk', 'echo', 'orphan']],
  ['is', flagWords],
]);

/** What each field means, for whoever is about to write one. */
export const fieldHints: Readonly<Record<QueryField, string>> = {
  type: 'the kind of event',
  user: 'who is signed in',
  connection: 'as #3 or local#3',
  run: 'its id',
  thread: 'the thread of its run',
  tool: 'as the event names it',
  agent: 'as the event names it',
  status: 'how its run stands',
  violation: 'what is wrong with its run',
  fault: 'where to look first',
  disposition: 'what became of the event',
  latency: 'from sending to receiving: >500ms, 200..500ms',
  gap: 'since the event before in its run: >2s',
  at: 'when it came, in UTC: >14:21:07Z',
  text: 'anything in what came off the wire',
  is: 'a word for the event',
};

export const flagHints: Readonly<Record<FlagWord, string>> = {
  unpaired: 'one of a pair whose other half never came',
  lossy: 'its run is incomplete',
  late: 'came after its run was closed',
  duplicate: 'came before',
  leaked: 'belongs to another user',
  orphan: 'belongs to no run',
  echo: 'came on another connection of its user',
  recovered: 'sent again after a reconnect',
};

export const isField = (name: string): name is QueryField => queryFields.some((field) => field === name);
export const isFlagWord = (word: string): word is FlagWord => flagWords.some((flag) => flag === word);
export const isStatusWord = (word: string): boolean => statusWords.some((status) => status === word);
