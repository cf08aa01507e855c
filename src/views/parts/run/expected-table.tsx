import type { RunDetail, RunEventDetail } from '#monitor/snapshot.ts';
import { byRunOrder } from '#views/parts/event-style.ts';
import { formatPart, localTime } from '#views/parts/format.ts';
import { Glyph } from '#views/parts/glyph.tsx';
import { deliveryWords, type ClockChoice } from './clock-words.ts';
import './expected-table.css';

/** What was expected of a run and what came: the newest of each type with its time and how long its delivery took. */
export function ExpectedTable({ detail, clock }: { readonly detail: RunDetail; readonly clock: ClockChoice }) {
  const { run } = detail;
  return (
    <section className="side-section">
      <h3>
        Expected and received <span>{run.expected === 0 ? 'nothing expected yet' : `${formatPart(run.delivered, run.expected)} delivered`}</span>
        <span className="end">{`open ${localTime.precise(run.openedAt)}`}</span>
      </h3>
      <table className="expected-table">
        <thead>
          <tr>
            {['event', 'expected', 'received', 'at', 'delivery'].map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {detail.expectedByType.toSorted((left, right) => byRunOrder(left.type, right.type)).map(({ type, expected, delivered }) => {
            const open = run.status === 'running' && delivered < expected;
            const lacks = !open && delivered < expected;
            return (
              <tr key={type} className={lacks ? 'is-missing' : undefined}>
                <th scope="row">
                  <Glyph type={type} missing={lacks} />
                  {type}
                </th>
                <td>{expected}</td>
                <td>{delivered}</td>
                {lacks ? <td colSpan={2}>{delivered === 0 ? 'never came' : `${expected - delivered} never came`}</td> : <Newest event={newestOf(detail, type)} open={open} clock={clock} />}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const newestOf = ({ events }: RunDetail, type: string): RunEventDetail | undefined => events.findLast((event) => event.type === type && event.disposition === 'attributed');

function Newest({ event, open, clock }: { readonly event: RunEventDetail | undefined; readonly open: boolean; readonly clock: ClockChoice }) {
  if (open) return <td colSpan={2}>still open</td>;
  if (event === undefined) return <td colSpan={2}>no longer stored</td>;
  return (
    <>
      <td>{localTime.precise(event.at)}</td>
      <td>{deliveryWords(event, clock)}</td>
    </>
  );
}
