import type { RunEventDetail } from '#monitor/snapshot.ts';
import { formatLatency, formatUncertainty, localTime } from '#views/parts/format.ts';
import { Glyph } from '#views/parts/glyph.tsx';
import { RawText } from '#views/parts/raw-text.tsx';
import './run-events.css';

/** What came, in the order in which it came; each event opens to its two clocks and its raw payload. */
export function RunEvents({ events }: { readonly events: readonly RunEventDetail[] }) {
  const errors = events.flatMap((event) => event.uncertaintyMs ?? []);
  return (
    <section className="side-section">
      <h3>
        Received <span>{errors.length === 0 ? 'no clock answer: latencies are unsynced' : `e, the clock error, is at most ${formatUncertainty(Math.max(...errors))}`}</span>
      </h3>
      {events.length === 0 && <p className="dim">Nothing came.</p>}
      <ol className="run-events">
        {events.map((event, index) => (
          // Events of a run are only ever added at the end, so their place names them.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <details>
              <summary>
                <Glyph type={event.type} duplicate={event.disposition === 'duplicate'} />
                <span className="event-type">{event.type}</span>
                {event.disposition !== 'attributed' && <span className={`event-disposition is-${event.disposition}`}>{dispositionWords[event.disposition]}</span>}
                <span className="event-at">{localTime.precise(event.at)}</span>
                <span className="event-latency">{latencyWords(event)}</span>
              </summary>
              {event.raw === null ? <p className="event-detail dim">The payload is no longer stored.</p> : <RawText text={event.raw} />}
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}

const dispositionWords: Readonly<Record<RunEventDetail['disposition'], string>> = {
  attributed: '',
  duplicate: 'duplicate',
  late: 'late',
  crossTalk: 'cross-talk',
  echo: 'echo',
  orphan: 'orphan',
};

function latencyWords({ latencyMs, uncertaintyMs }: RunEventDetail): string {
  return latencyMs === null ? 'unsynced' : formatLatency(latencyMs, uncertaintyMs);
}
