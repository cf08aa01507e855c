import { sameUser } from '#runs/run-connection.ts';
import type { IncidentScope } from './incident-report.ts';
import type { Recording } from '#monitor/recording.ts';

const mostNames = 100;

/**
 * The narrowest that holds all of it: one connection; one user, if what is wrong is with runs and all connections of the user have it; one type of event;
 * some of the connections; all of them. Of a user with a single connection, both of which say as much, runs are the user's, and links the connection's.
 * @param lanes numbers of the connections, in the order of their first trouble
 * @param types that were lost; undefined where it is not about types
 */
export function scopeOf(recording: Recording, lanes: readonly number[], about: 'runs' | 'links', types?: ReadonlyMap<string, number>): IncidentScope {
  const { lanes: all, engine } = recording;
  const connections = lanes.flatMap((lane) => all[lane] ?? []);
  const userOf = (connection: string): string | undefined => engine.tracker.connection(connection).user;
  const [first] = connections;
  const user = first === undefined ? undefined : userOf(first);
  if (about === 'runs' && user !== undefined) {
    const theirs = all.filter((connection) => isSame(userOf(connection), user));
    const hasAll = theirs.length === connections.length && connections.every((connection) => isSame(userOf(connection), user));
    const users = new Set(all.map((connection) => userOf(connection) ?? connection)).size;
    if (hasAll && users > 1) return { kind: 'user', names: [user], affected: 1, of: users };
  }
  if (connections.length === 1 && all.length > 1) return { kind: 'connection', names: connections, affected: 1, of: all.length };
  const [type] = types?.keys() ?? [];
  if (types?.size === 1 && type !== undefined) {
    const { requiredEvents, pairs } = engine.rules.contract;
    return { kind: 'type', names: [type], affected: 1, of: new Set([...requiredEvents, ...pairs.flat()]).size };
  }
  const kind = connections.length === all.length ? 'environment' : 'connection';
  return { kind, names: connections.slice(0, mostNames), affected: connections.length, of: all.length };
}

const isSame = (one: string | undefined, other: string): boolean => one !== undefined && sameUser(one, other);
