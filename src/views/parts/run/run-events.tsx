import { useState } from 'react';
import type { RunDetail, RunEventDetail } from '#monitor/snapshot.ts';
import { formatCount, formatUncertainty, localTime } from '#views/parts/format.ts';
import { Glyph } from '#views/parts/glyph.tsx';
import { deliveryWords, type ClockChoice } from './clock-words.ts';
import { RawRecord } from './raw-record.tsx';
import './run-events.css';

interface RunEventsProps {
  readonly detail: RunDetail;
  readonly clock: ClockChoice;
  /** The event whose clocks are shown. */
  readonly chosen: RunEventDetail | undefined;
  readonly onChoose: (index: number) => void;
}

/** What came, in the order in which it came; each event opens to its raw payload, and then its two clocks are shown. */
export function RunEvents({ detail: { events, leftOut }, clock, chosen, onChoose }: RunEventsProps) {
  return (
    <section className="side-section">
      <h3>
        Received <span>{errorWords(events, clock)}</span>
      </h3>
      {events.length === 0 && leftOut === 0 && <p className="dim">Nothing came.</p>}
      {leftOut > 0 && <p className="dim">{`${formatCount(leftOut)} of its events ${leftOut === 1 ? 'is' : 'are'} no longer stored.`}</p>}
      <ol className="run-events">
        {events.map((event, index) => (
          // Events of a run are only ever added at the end, so their place names them.
          // oxlint-disable-next-line react/no-array-index-key
          <Event key={index} event={event} clock={clock} chosen={event === chosen} onOpen={() => onChoose(index)} />
        ))}
      </ol>
    </section>
  );
}

function Event({ event, clock, chosen, onOpen }: { readonly event: RunEventDetail; readonly clock: ClockChoice; readonly chosen: boolean; readonly onOpen: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details
        data-chosen={chosen}
        onToggle={({ currentTarget }) => {
          setOpen(currentTarget.open);
          if (currentTarget.open) onOpen();
        }}
      >
        <summary>
          <Glyph type={event.type} duplicate={event.disposition === 'duplicate'} />
          <span className="event-type">{event.type}</span>
          {event.disposition !== 'attributed' && <span className={`event-disposition is-${event.disposition}`}>{dispositionWords[event.disposition]}</span>}
          <span className="event-at">{localTime.precise(event.at)}</span>
          <span className="event-latency">{deliveryWords(event, clock)}</span>
        </summary>
        {/* A run may have thousands: only what is open is set. */}
        {open && (event.raw === null ? <p className="event-detail dim">The payload is no longer stored, or lies beyond the first 4 MiB of this run.</p> : <div className="event-detail"><RawRecord text={event.raw} label="Raw payload" /></div>)}
      </details>
    </li>
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

function errorWords(events: readonly RunEventDetail[], clock: ClockChoice): string {
  if (clock === 'raw') return 'raw difference of two clocks';
  const errors = events.flatMap((event) => event.uncertaintyMs ?? []);
  if (errors.length === 0) return 'no clock answer: latencies are unsynced';
  return `e, the clock error, is at most ${formatUncertainty(errors.reduce((most, error) => Math.max(most, error), 0))}`;
}
