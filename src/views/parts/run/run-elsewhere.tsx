import type { RunDetail } from '#monitor/snapshot.ts';
import { localTime } from '#views/parts/format.ts';
import { Glyph } from '#views/parts/glyph.tsx';
import './run-elsewhere.css';

/** Events of the same run that came over other connections: to its own user again, or to somebody whom they do not concern. */
export function RunElsewhereList({ detail: { elsewhere, run } }: { readonly detail: RunDetail }) {
  const { events, whole } = elsewhere;
  if (events.length === 0 && whole) return null;
  return (
    <section className="side-section">
      <h3>
        The same run elsewhere <span>{whole ? '' : 'there may be more than is looked through'}</span>
      </h3>
      {events.length === 0 && <p className="dim">None was found.</p>}
      <ul className="run-elsewhere">
        {events.map(({ at, connection, user, type, disposition }) => (
          <li key={`${at} ${connection} ${type}`} className={`is-${disposition}`}>
            <Glyph type={type} leaked={disposition === 'crossTalk'} />
            <span>
              <b>{type}</b> {disposition === 'crossTalk' ? 'was shown' : 'came again'} on {connection}
              {user === null ? '' : `, which is signed in as ${user}`}
              {disposition === 'echo' && user !== null && user === run.user ? ', the same user' : ''}
            </span>
            <time dateTime={new Date(at).toISOString()}>{localTime.precise(at)}</time>
          </li>
        ))}
      </ul>
    </section>
  );
}
