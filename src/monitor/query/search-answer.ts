import type { EpochMs } from '#base/units.ts';
import type { QueryFault } from './query-fault.ts';

export interface SearchAsk {
  readonly environmentId: string;
  readonly query: string;
  /** The stretch [`from`, `to`); all that is stored where one is left out. */
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  /** Rows that are wanted, 1,000 at the most. */
  readonly limit: number;
}

export type SearchAnswer =
  /** The text is no query. */
  | { readonly kind: 'fault'; readonly fault: QueryFault }
  /** Another question was put before this one was answered, or there is no such environment. */
  | { readonly kind: 'dropped' }
  | Found;

/** What matches a query in a stretch of time. Every event that is stored there is looked at. */
export interface Found {
  readonly kind: 'found';
  /** Events that match, of so many in the stretch; `undecided` of these could not be judged, as their text or their run is gone. */
  readonly matches: number;
  readonly of: number;
  readonly undecided: number;
  /** Events that are no longer stored and may have lain in the stretch. */
  readonly evicted: number;
  /** Nothing is undecided, and nothing evicted. */
  readonly complete: boolean;
  /** The newest matches first. */
  readonly rows: readonly FoundEvent[];
  /** Ids of the runs with a match, and of those that brought nothing and match by themselves: the newest first, 1,000 at the most, and how many there are in all. */
  readonly runs: readonly string[];
  readonly runCount: number;
  readonly facets: readonly Facet[];
  readonly known: KnownValues;
  /** How long the monitor worked on it, in milliseconds, pauses included. */
  readonly tookMs: number;
}

export interface FoundEvent {
  /** Tells it apart from all others of its environment. */
  readonly row: number;
  readonly at: EpochMs;
  readonly connection: string;
  readonly user: string | null;
  readonly type: string;
  readonly run: string | null;
  readonly disposition: string;
  readonly latencyMs: number | null;
  /** The beginning of what came, or the part of it with what was looked for, without secrets; null when it is no longer stored. */
  readonly excerpt: string | null;
}

/** How the matches are spread over the values of a field, the most frequent first, 50 at the most. */
export interface Facet {
  readonly field: 'type' | 'user' | 'connection' | 'status' | 'violation';
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

/** What a query of this environment may name, 200 of each at the most. */
export interface KnownValues {
  readonly types: readonly string[];
  readonly users: readonly string[];
  readonly connections: readonly string[];
}
