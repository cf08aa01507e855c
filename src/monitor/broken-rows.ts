import { epochMs, type EpochMs } from '#base/units.ts';
import type { Run } from '#runs/run.ts';

/** Incomplete runs of a connection with no complete one among them. */
interface BrokenRow {
  /** When the first of them heard its last event, or was opened if it heard none. */
  readonly since: EpochMs;
  /** Every one of them fell silent before its end. */
  readonly inMidRun: boolean;
}

/** The row that each connection stands in: what is told of a streak, which only counts its runs (slo/streaks.ts). */
export class BrokenRows {
  readonly #rows = new Map<string, BrokenRow>();

  /** Takes a run, in the order in which they close. One that failed or is inconclusive changes nothing. */
  closed(run: Run): void {
    const { id } = run.connection;
    if (run.status === 'complete') this.#rows.delete(id);
    if (run.status !== 'incomplete') return;
    const own: BrokenRow = { since: run.lastEventAt ?? run.openedAt, inMidRun: run.closing === 'silence' };
    this.#rows.set(id, joined(this.#rows.get(id), own));
  }

  /** The rows of these connections as one; undefined if none of them stands in one. */
  of(connections: Iterable<string>): BrokenRow | undefined {
    let all: BrokenRow | undefined;
    for (const connection of connections) {
      const row = this.#rows.get(connection);
      if (row !== undefined) all = joined(all, row);
    }
    return all;
  }
}

function joined(one: BrokenRow | undefined, other: BrokenRow): BrokenRow {
  return one === undefined ? other : { since: epochMs(Math.min(one.since, other.since)), inMidRun: one.inMidRun && other.inMidRun };
}
