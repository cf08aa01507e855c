import type { EpochMs } from '#base/units.ts';
import type { Home } from './homes.ts';
import { Identities } from './identities.ts';
import type { Run } from './run.ts';

/** One connection as the contract sees it: who it is, and the runs on it. */
export class RunConnection {
  readonly id: string;
  /** The last user that an opening named; undefined until one did. */
  user: string | undefined;
  /** Open runs, in the order in which they were opened. */
  readonly open: Run[] = [];
  /** Those of them that were triggered. */
  readonly openTriggered: Run[] = [];
  /** The homes of the run id and the thread id that were named here last: the next event most often names the same. */
  runHome: Home | undefined;
  threadHome: Home | undefined;
  readonly identities = new Identities();
  /** Runs opened so far. */
  opened = 0;
  /** When the network last closed it. */
  networkClosedAt: EpochMs | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** True if both belong to the same owner: the user, or where a connection has none, the connection itself. */
  sharesOwnerWith(other: RunConnection): boolean {
    if (this === other) return true;
    return this.user !== undefined && other.user !== undefined && sameUser(this.user, other.user);
  }
}

/** True if two names are one user; a name cut short (`abcd1234...`) matches by its prefix. */
export function sameUser(a: string, b: string): boolean {
  return a === b || isCutOf(a, b) || isCutOf(b, a);
}

const isCutOf = (cut: string, whole: string): boolean => cut.endsWith('...') && whole.startsWith(cut.slice(0, -3));
