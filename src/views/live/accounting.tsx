import { memo } from 'react';
import { formatCount, formatPart } from '#views/parts/format.ts';
import { useEnvironment } from '#views/parts/use-monitor.ts';
import './accounting.css';

/** Every frame accounted for: received = control + eventful + rejected, decoded = the six kinds. Says so when a sum is not right. */
export const Accounting = memo(function Accounting({ environmentId, onRejected }: { readonly environmentId: string; readonly onRejected: () => void }) {
  const frames = useEnvironment(environmentId, (environment) => environment.frames);
  const events = useEnvironment(environmentId, (environment) => environment.events);
  const leftOut = useEnvironment(environmentId, (environment) => environment.leftOut);
  const evicted = useEnvironment(environmentId, (environment) => environment.monitor.evicted) ?? 0;
  const stored = useEnvironment(environmentId, (environment) => environment.monitor.stored) ?? 0;
  if (frames === undefined || events === undefined || leftOut === undefined) return null;
  const kinds = [
    ['attributed', events.attributed],
    ['duplicate', events.duplicate],
    ['late', events.late],
    ['echo', events.echo],
    ['orphan', events.orphan],
    ['cross-talk', events.crossTalk],
  ] as const;
  const framesAgree = frames.received === frames.control + frames.eventful + frames.rejected;
  const eventsAgree = events.decoded === kinds.reduce((sum, [, count]) => sum + count, 0);
  return (
    <footer className="accounting" aria-label="Accounting">
      <span>{framesAgree && eventsAgree ? 'Every frame accounted for' : <b className="is-wrong">The sums do not agree: a fault of this monitor</b>}</span>
      <span>
        frames <b>{formatCount(frames.received)}</b> {framesAgree ? '=' : '≠'} control <b>{formatCount(frames.control)}</b> + eventful <b>{formatCount(frames.eventful)}</b> +{' '}
        <button type="button" className="rejected-button" onClick={onRejected}>
          rejected <b>{formatCount(frames.rejected)}</b>
        </button>
      </span>
      <span>
        events <b>{formatCount(events.decoded)}</b> {eventsAgree ? '=' : '≠'}{' '}
        {kinds.map(([name, count], index) => (
          <span key={name} className={name === 'cross-talk' && count > 0 ? 'is-wrong' : undefined}>
            {index > 0 && ' + '}
            {name} <b>{formatCount(count)}</b>
          </span>
        ))}
      </span>
      <span className="accounting-end">
        {evicted > 0 && `${formatPart(stored, stored + evicted)} events stored; `}left out: <b>{formatCount(leftOut.inconclusive)}</b> inconclusive, <b>{formatCount(leftOut.failed)}</b> failed runs
      </span>
    </footer>
  );
});
