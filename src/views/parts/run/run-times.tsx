import type { RunDetail } from '#monitor/snapshot.ts';
import { formatDuration, localTime, noData } from '#views/parts/format.ts';
import './run-times.css';

/** When a run began and ended, and how long it took, by the monitor's own clock alone. */
export function RunTimes({ detail: { run, letters } }: { readonly detail: RunDetail }) {
  return (
    <section className="side-section">
      <h3>
        Times
        <span className="end mono run-letters" title="The run in letters, as it came">
          {letters}
        </span>
      </h3>
      <dl className="run-times">
        <dt>opened</dt>
        <dd>{localTime.precise(run.openedAt)}</dd>
        <dt>time to first event</dt>
        <dd>{run.timeToFirstEventMs === null ? noData : formatDuration(run.timeToFirstEventMs)}</dd>
        <dt>duration</dt>
        <dd>{run.durationMs === null ? noData : formatDuration(run.durationMs)}</dd>
        <dt>closed</dt>
        <dd>{run.closedAt === null ? 'still running' : localTime.precise(run.closedAt)}</dd>
      </dl>
    </section>
  );
}
