import { useId } from 'react';
import type { RunEventDetail } from '#monitor/snapshot.ts';
import { formatDuration, formatLatency, formatUncertainty, localTime } from '#views/parts/format.ts';
import { writePreference } from '#views/parts/preferences.ts';
import { correctedLatency, isImpossible, rawDifference, type ClockChoice } from './clock-words.ts';
import './both-clocks.css';

/** When an event was sent by its target's clock, when it came by the monitor's, and what that says of its way. */
export function BothClocks({ event, clock }: { readonly event: RunEventDetail; readonly clock: ClockChoice }) {
  const heading = useId();
  const raw = rawDifference(event);
  return (
    <section className="side-section" aria-labelledby={heading}>
      <h3>
        <b id={heading}>Both clocks</b> <span className="clock-event">{event.call === null ? event.type : `${event.type}, ${event.call}`}</span>
        <span className="end segment clock-choice">
          {(['corrected', 'raw'] as const).map((each) => (
            <button key={each} type="button" aria-pressed={clock === each} title="Raw or corrected clock (k)" onClick={() => writePreference('clock', each)}>
              {each}
            </button>
          ))}
        </span>
        <kbd>k</kbd>
      </h3>
      <dl className="both-clocks">
        <dt>sent, server clock</dt>
        <dd>{event.sentAt === null ? 'not said' : localTime.precise(event.sentAt)}</dd>
        <dt>received, monitor clock</dt>
        <dd>{localTime.precise(event.at)}</dd>
        <dt>raw difference</dt>
        <dd className={clock === 'raw' ? 'is-chosen' : undefined}>{raw === null ? 'no data' : formatDuration(raw)}</dd>
        <dt>{offsetWords(event)}</dt>
        <dd className={clock === 'corrected' ? 'is-chosen' : undefined}>{latencyOf(event)}</dd>
      </dl>
      {isImpossible(event) && <p className="clock-warning">Negative beyond its error: the clocks were not as far apart as is thought. It is counted apart.</p>}
    </section>
  );
}

/** `server ahead by 38 ±24 ms, so delivery took`: how far they are apart is told also where that is less than its error. */
function offsetWords(event: RunEventDetail): string {
  if (event.recovered) return 'sent again after a reconnect, so its delivery';
  const { offsetMs, uncertaintyMs } = event;
  if (offsetMs === null) return rawDifference(event) === null ? 'without a time of sending, delivery' : 'no clock answered, so delivery';
  const apart = formatLatency(Math.abs(offsetMs), uncertaintyMs);
  const figure = apart === '< e' && uncertaintyMs !== null ? `${formatDuration(Math.abs(offsetMs))} ${formatUncertainty(uncertaintyMs)}` : apart;
  return `server ${offsetMs < 0 ? 'behind' : 'ahead'} by ${figure}, so delivery took`;
}

function latencyOf(event: RunEventDetail): string {
  if (event.recovered) return 'is not measured';
  const latency = correctedLatency(event);
  if (latency === null) return rawDifference(event) === null ? 'is not known' : 'is unsynced';
  // Below its error it says so, and what was reckoned stands beside it.
  const words = formatLatency(latency, event.uncertaintyMs);
  return words === '< e' ? `< e (${formatDuration(latency)})` : words;
}
