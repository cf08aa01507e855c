import type { ComparedEvent, EventPair, RunComparison } from '#monitor/comparison/comparison-report.ts';
import { formatDuration, formatLatency } from '#views/parts/format.ts';
import { Glyph } from '#views/parts/glyph.tsx';
import { CompareHead } from './compare-head.tsx';
import { signed } from './comparison-words.ts';

interface CompareRunsProps {
  readonly comparison: RunComparison;
  readonly onlyDifferences: boolean;
  readonly labelId: string;
}

/** Two runs, event by event, each as long after its trigger as it came. */
export function CompareRuns({ comparison: { left, right, events, whole }, onlyDifferences, labelId }: CompareRunsProps) {
  const shown = onlyDifferences ? events.filter(({ differs }) => differs) : events;
  const repeated = new Set(events.flatMap(({ type, nth }) => (nth > 1 ? [type] : [])));
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="compare-table" role="region" aria-labelledby={labelId} tabIndex={0}>
      <table>
        <caption id={labelId}>Events after the trigger, and how long their delivery took.</caption>
        <thead>
          <tr>
            <th scope="col">event</th>
            <CompareHead letter="A" side={left} />
            <CompareHead letter="B" side={right} />
            <th scope="col">B against A</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((pair) => (
            <tr key={`${pair.type} ${pair.nth} ${pair.left?.disposition ?? ''} ${pair.right?.disposition ?? ''}`} className={pair.missingRight ? 'is-missing' : undefined}>
              <th scope="row">
                <Glyph type={pair.type} missing={pair.missingRight} /> {pair.type}
                {repeated.has(pair.type) && <small>{` ${pair.nth}`}</small>}
              </th>
              <td>{cell(pair.left, pair.missingLeft)}</td>
              <td>{cell(pair.right, pair.missingRight)}</td>
              <td>{differenceOf(pair)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length === 0 && <p className="dim">No event differs.</p>}
      {!whole && <p className="dim">Some of their events are no longer stored, so what seems to lack may have come.</p>}
    </div>
  );
}

function cell(event: ComparedEvent | null, missing: boolean) {
  if (event === null) return missing ? <b className="compare-missing">never came</b> : '–';
  const { afterMs, latencyMs, uncertaintyMs, disposition } = event;
  return (
    <>
      {formatDuration(afterMs)} <small>{latencyMs === null ? 'delivery not measured' : `delivery ${formatLatency(latencyMs, uncertaintyMs)}`}</small>
      {disposition !== 'attributed' && <small>{disposition}</small>}
    </>
  );
}

function differenceOf({ left, right, missingLeft, missingRight, differs }: EventPair): string {
  if (missingRight) return missingLeft ? 'never came in either' : 'lost in B';
  if (missingLeft) return right === null ? '' : 'lost in A';
  if (left === null) return 'only in B';
  if (right === null) return 'only in A';
  const later = `${signed(right.afterMs - left.afterMs)} after the trigger`;
  return differs && left.latencyMs !== null && right.latencyMs !== null ? `delivery ${signed(right.latencyMs - left.latencyMs)}, ${later}` : later;
}
