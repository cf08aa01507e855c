import type { EpochMs } from '#base/units.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { TypeRole } from './contract.ts';
import type { Home, Homes } from './homes.ts';
import { identityWith, type Identity, type KnownRuns } from './identities.ts';
import type { Run } from './run.ts';
import { sameUser, type RunConnection } from './run-connection.ts';

/** To whom a leaked event belongs: a user that it names, else the owner of the connection on which its id is at home. */
export type Owner = string | RunConnection;

/** The answer to "which run does this event belong to?": every decoded event is exactly one of these six kinds. */
export type Attribution =
  | { readonly disposition: 'crossTalk'; readonly owner: Owner }
  | { readonly disposition: 'echo' | 'orphan' }
  /** `run` is the one that gets the violation; the event joins none. */
  | { readonly disposition: 'duplicate' | 'late'; readonly run: Run }
  | { readonly disposition: 'attributed'; readonly run: Run }
  /** Opens a run of its own. */
  | { readonly disposition: 'attributed'; readonly run: undefined };

const echo: Attribution = { disposition: 'echo' };
const orphan: Attribution = { disposition: 'orphan' };
const opensRun: Attribution = { disposition: 'attributed', run: undefined };

/** What attribution looks things up in. */
export interface Attributing {
  readonly runs: KnownRuns;
  readonly runHomes: Homes;
  readonly threadHomes: Homes;
}

/**
 * Decides to which run an event on `connection` belongs; changes nothing but the homes of ids and the thread of a run that waited.
 * contract.md, "Attribution": checked in this order, the first that holds decides. `role`: what the contract says of the event's type.
 */
export function attribute(
  known: Attributing,
  connection: RunConnection,
  event: AgentEvent,
  role: TypeRole | undefined,
  identity: Identity | undefined,
  at: EpochMs,
): Attribution {
  const { runId, threadId, userId } = event;
  const runHome = runId === undefined ? undefined : known.runHomes.named(runId, at, connection.runHome);
  const threadHome = threadId === undefined ? undefined : known.threadHomes.named(threadId, at, connection.threadHome);

  // 1. Cross-talk.
  const owner = foreignOwner(connection, userId, runHome, threadHome);
  if (owner !== undefined) return { disposition: 'crossTalk', owner };
  if (runId !== undefined) connection.runHome = runHome ?? known.runHomes.settle(runId, connection, at);
  if (threadId !== undefined) connection.threadHome = threadHome ?? known.threadHomes.settle(threadId, connection, at);

  // 2. Echo.
  const home = runId === undefined ? threadHome : runHome;
  if (home !== undefined && home.connection !== connection) return echo;

  // 3. Duplicate.
  const original = identity === undefined ? undefined : connection.identities.find(identity, known.runs);
  if (original !== undefined) return { disposition: 'duplicate', run: original };

  // 4. Late, and 5. its own open run.
  const namesake = runHome === undefined ? undefined : namesakeOn(connection, runHome);
  if (namesake !== undefined) return { disposition: namesake.closedAt === undefined ? 'attributed' : 'late', run: namesake };

  const isFirst = role?.isFirst === true;

  // 6. A triggered run that waits for its first event.
  const waiting = waitingRun(connection, runId, threadId, isFirst);
  if (waiting !== undefined) {
    // The target makes its own threads: the run that waited under ours takes the event's.
    if (threadId !== undefined) waiting.thread = threadId;
    return { disposition: 'attributed', run: waiting };
  }

  // 7. The open run of its thread, or a triggered run whose id is not known yet.
  const fitting = runId === undefined ? runOfThread(connection, threadId, isFirst) : triggeredRun(connection, threadId);
  if (fitting !== undefined) return { disposition: 'attributed', run: fitting };

  // 8. The first event of a new run; 9. another event that the contract names, of an unknown run.
  if (isFirst || (runId !== undefined && role !== undefined)) return opensRun;

  // 10.
  return orphan;
}

/** Rule 1: to whom else the event belongs; undefined if it may be here. */
function foreignOwner(
  connection: RunConnection,
  userId: string | undefined,
  runHome: Home | undefined,
  threadHome: Home | undefined,
): Owner | undefined {
  if (userId !== undefined && connection.user !== undefined && !sameUser(userId, connection.user)) return userId;
  if (runHome !== undefined && !runHome.connection.sharesOwnerWith(connection)) return runHome.connection;
  if (threadHome !== undefined && !threadHome.connection.sharesOwnerWith(connection)) return threadHome.connection;
  return undefined;
}

/** Rules 4 and 5: of a connection's runs that are named by an id, the newest open one, else the newest. */
function namesakeOn(connection: RunConnection, { holders }: Home): Run | undefined {
  let newest: Run | undefined;
  for (let place = holders.length - 1; place >= 0; place -= 1) {
    const run = holders[place];
    if (run?.connection !== connection) continue;
    if (run.closedAt === undefined) return run;
    newest ??= run;
  }
  return newest;
}

/** Rule 6. */
function waitingRun(connection: RunConnection, runId: string | undefined, threadId: string | undefined, isFirst: boolean): Run | undefined {
  const waiting = connection.openTriggered.filter((run) => run.events === 0);
  const oldest = waiting[0];
  if (oldest === undefined) return undefined;
  const threadIsBusy =
    threadId !== undefined && connection.open.some((run) => run.thread === threadId && run.events > 0 && !run.terminal);
  if (runId === undefined && threadIsBusy) return undefined;
  return (
    (threadId === undefined ? undefined : waiting.find((run) => run.thread === threadId)) ??
    waiting.find((run) => run.thread === undefined || threadId === undefined) ??
    (isFirst ? oldest : undefined)
  );
}

/** Rule 7, for an event that names no run. */
function runOfThread(connection: RunConnection, threadId: string | undefined, isFirst: boolean): Run | undefined {
  const mayTake = (run: Run): boolean => !(isFirst && !run.triggered && run.terminal);
  if (threadId === undefined) return connection.open.findLast(mayTake);
  return (
    connection.open.findLast((run) => run.thread === threadId && mayTake(run)) ??
    connection.open.findLast((run) => run.thread === undefined && mayTake(run))
  );
}

/** Rule 7, for an event that names an unknown run. */
function triggeredRun(connection: RunConnection, threadId: string | undefined): Run | undefined {
  return connection.openTriggered.findLast((run) => run.thread === undefined || threadId === undefined || run.thread === threadId);
}

/**
 * By what an event is recognised when it comes again: the first that exists of its event id; its run id and seq;
 * its type, run, agent, tool, tool call and sending time. Undefined: a duplicate could not be told.
 * Parts are led by their length, and the three kinds by a character of their own, so that no choice of ids makes two identities equal;
 * only an event id goes without, as long as it does not begin with one of these itself.
 */
export function identityOf(event: AgentEvent): Identity | undefined {
  const text = identityText(event);
  return text === undefined ? undefined : identityWith(text);
}

function identityText(event: AgentEvent): string | undefined {
  const { eventId } = event;
  if (eventId !== undefined) return eventId.charCodeAt(0) > 2 ? eventId : `\u0000${eventId}`;
  if (event.runId !== undefined && event.seq !== undefined) return `\u0001${event.seq}:${event.runId}`;
  if (event.sentAt === undefined) return undefined;
  return `\u0002${event.sentAt}${part(event.type)}${part(event.runId)}${part(event.agent)}${part(event.tool)}${part(event.toolCallId)}`;
}

const part = (text: string | undefined): string => (text === undefined ? '|-' : `|${text.length}:${text}`);
