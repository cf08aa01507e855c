import type { ComparedSide } from '#monitor/comparison/comparison-report.ts';
import { formatRuns, localTime } from '#views/parts/format.ts';
import { MockChip } from '#views/parts/mock-chip.tsx';
import { RunStatus } from './run-status.tsx';

/** What one column of a comparison is about, and how many runs it rests on. */
export function CompareHead({ letter, side }: { readonly letter: 'A' | 'B'; readonly side: ComparedSide }) {
  const { name, kind, run, from, to, runs, forgottenBefore } = side;
  const all = runs.complete + runs.incomplete + runs.failed + runs.inconclusive;
  return (
    <th scope="col">
      <span className="compare-head">
        <b>{letter}</b> {name} {kind === 'mock' && <MockChip />}
      </span>
      {run === null ? (
        <span className="compare-what">
          {from === null && to === null ? 'all that is known' : `${from === null ? '…' : localTime.time(from)} to ${to === null ? 'now' : localTime.time(to)}`}, {formatRuns(all)}
        </span>
      ) : (
        <span className="compare-what">
          <span className="mono">{run.id}</span> <RunStatus status={run.status} /> {`on ${run.connection}, ${localTime.time(run.openedAt)}`}
        </span>
      )}
      {forgottenBefore !== null && <span className="compare-what">{`what was closed before ${localTime.time(forgottenBefore)} is forgotten`}</span>}
    </th>
  );
}
