import { between } from '#base/units.ts';
import { goldenPathOf, type RunStage } from '#runs/golden-path.ts';
import type { Run } from '#runs/run.ts';
import { Histogram } from '#timing/histogram.ts';
import { TypeTally } from './completeness.ts';
import { PathTally } from './funnel.ts';
import { minuteMs } from './minutes.ts';
import { addShare, emptySums, isJudged, shareOf, type RunShare, type RunSums } from './run-totals.ts';

/** What one closed run adds to the figures of a window, as it is judged now. What no judgement changes is asked of the run itself. */
export interface WindowShare extends RunShare {
  readonly run: Run;
  /** Its stages, if it was triggered. */
  readonly path: readonly RunStage[] | undefined;
}

/**
 * @param last the event type that the contract ends a run with
 * @param before what it was; given back where the run is judged as it was then
 */
export function windowShare(run: Run, last: string, before?: WindowShare): WindowShare {
  const { status, good, expected, delivered } = shareOf(run);
  if (before !== undefined && before.status === status && before.good === good) return before;
  return { status, good, expected, delivered, run, path: run.triggered ? goldenPathOf(run, last) : undefined };
}

/** Of the runs of one connection that say whether the target delivers: how many there are, and how many are incomplete. */
export interface ConnectionSums {
  judged: number;
  lossy: number;
}

/** All that the screen says of the closed runs of a window, as sums that runs are added to and taken out of. */
export class WindowTally {
  readonly sums = emptySums();
  /** The same by the number of the minute; one in which no run was closed is absent. */
  readonly byMinute = new Map<number, RunSums>();
  readonly byType = new TypeTally();
  readonly byConnection = new Map<string, ConnectionSums>();
  readonly path = new PathTally();
  /** From the trigger to the first event, in milliseconds. */
  readonly firstEvents = new Histogram();

  /** Adds (`sign` 1) what a run counts for, or takes it out (`sign` −1). */
  count(share: WindowShare, sign: 1 | -1): void {
    const { run, path } = share;
    addShare(this.sums, share, sign);
    this.#countMinute(share, sign);
    if (isJudged(share)) {
      this.byType.count(run.delivery.byType, sign);
      this.#countConnection(share, sign);
    }
    if (path !== undefined) this.path.count(run.connection.id, path, sign);
    if (!run.triggered || run.firstEventAt === undefined) return;
    const firstEventMs = between(run.openedAt, run.firstEventAt);
    if (sign === 1) this.firstEvents.add(firstEventMs);
    else this.firstEvents.remove(firstEventMs);
  }

  #countMinute(share: WindowShare, sign: 1 | -1): void {
    const minute = Math.floor((share.run.closedAt ?? 0) / minuteMs);
    const sums = this.byMinute.get(minute) ?? emptySums();
    addShare(sums, share, sign);
    if (sums.complete + sums.incomplete + sums.failed + sums.inconclusive === 0) this.byMinute.delete(minute);
    else this.byMinute.set(minute, sums);
  }

  #countConnection({ run, status }: WindowShare, sign: 1 | -1): void {
    const { id } = run.connection;
    const sums = this.byConnection.get(id) ?? { judged: 0, lossy: 0 };
    sums.judged += sign;
    if (status === 'incomplete') sums.lossy += sign;
    if (sums.judged === 0) this.byConnection.delete(id);
    else this.byConnection.set(id, sums);
  }
}
