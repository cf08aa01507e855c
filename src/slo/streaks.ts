/** What a streak needs to know of a closed run. */
export interface StreakRun {
  readonly connection: string;
  readonly user: string | undefined;
  /** Only `complete` and `incomplete` say whether the target delivers; any other status changes nothing. */
  readonly status: 'complete' | 'incomplete' | 'failed' | 'inconclusive' | 'running';
  /** The types that it lacks; each may be named more than once. */
  readonly missing: readonly string[];
}

/** What the runs of a streak have in common: their connection, their user, or a type that all of them lack. */
export type StreakScope = 'connection' | 'user' | 'type';

/** Five or more runs in a row that have the same fault; it counts as a page. */
export interface Streak {
  readonly scope: StreakScope;
  /** The connection's id, the user's id, or the type. */
  readonly name: string;
  readonly runs: number;
}

export interface Streaks {
  /** Takes a run, in the order in which they close. */
  add(run: StreakRun): void;
  /** The streaks that page now: connections first, then users, then types, each in the order in which their rows began. */
  active(): readonly Streak[];
}

/** Five in a row: at 1 % bad runs that is chance once in 10^10. */
const shortestStreak = 5;
/** Names are a target's; beyond this many broken ones at a time, the oldest that does not page is forgotten. */
const mostNames = 10_000;

/**
 * Looks for five bad runs in a row, on one connection, of one user, or lacking the same type across the environment.
 *
 * A streak that pages clears with the first complete run of its connection, of its user, or, for a type, of the
 * environment. A run that is incomplete but brings a type breaks the row of that type only while it does not page yet:
 * a target that loses now one type and now another has not recovered.
 */
export function createStreaks(): Streaks {
  const connections = new Map<string, number>();
  const users = new Map<string, number>();
  const types = new Map<string, number>();
  return {
    add({ connection, user, status, missing }) {
      if (status === 'complete') {
        connections.delete(connection);
        if (user !== undefined) users.delete(user);
        types.clear();
      } else if (status === 'incomplete') {
        lengthen(connections, connection);
        if (user !== undefined) lengthen(users, user);
        const lacked = new Set(missing);
        for (const [type, runs] of types) if (runs < shortestStreak && !lacked.has(type)) types.delete(type);
        for (const type of lacked) lengthen(types, type);
      }
    },
    active: () => [...paging('connection', connections), ...paging('user', users), ...paging('type', types)],
  };
}

function lengthen(rows: Map<string, number>, name: string): void {
  rows.set(name, (rows.get(name) ?? 0) + 1);
  if (rows.size <= mostNames) return;
  for (const [other, runs] of rows) {
    if (runs >= shortestStreak) continue;
    rows.delete(other);
    return;
  }
}

const paging = (scope: StreakScope, rows: ReadonlyMap<string, number>): readonly Streak[] =>
  [...rows].filter(([, runs]) => runs >= shortestStreak).map(([name, runs]) => ({ scope, name, runs }));
