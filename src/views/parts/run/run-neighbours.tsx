import type { RunDetail } from '#monitor/snapshot.ts';
import { localTime } from '#views/parts/format.ts';
import { shortConnection } from '#views/parts/run-words.ts';
import { navigate } from '#views/parts/url-state.ts';
import './run-neighbours.css';

/** Runs of the same connection that came before and after, and what they lacked. */
export function RunNeighbours({ detail: { run, neighbours } }: { readonly detail: RunDetail }) {
  if (neighbours.length === 0) return null;
  return (
    <section className="side-section">
      <h3>{`Neighbours on ${shortConnection(run.connection)}`}</h3>
      <div className="neighbours">
        {neighbours.map(({ id, openedAt, status, lacks }) => (
          <button key={`${id} ${openedAt}`} type="button" className="chip" title={`Run ${id}, ${status}`} onClick={() => navigate({ run: id })}>
            {localTime.time(openedAt)} {status === 'incomplete' ? <b className="neighbour-lossy">{`−${lacks}`}</b> : <span className={`neighbour-${status}`}>{status === 'complete' ? 'ok' : status}</span>}
          </button>
        ))}
      </div>
    </section>
  );
}
