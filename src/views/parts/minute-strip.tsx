import { memo } from 'react';
import type { MinutePoint } from '#monitor/snapshot.ts';
import { formatCount, formatShare } from './format.ts';
import './minute-strip.css';

const minutesShown = 60;
const pitch = 5;
const height = 22;
const base = 2;
/** This share lost fills the height, the same on every screen. */
const fullShare = 0.03;
/** Above this share lost a bar takes the colour of an exception. */
const exceptionShare = 0.01;

/** Share of events lost in each of the last 60 minutes; a grey dash where no run was counted. */
export const MinuteStrip = memo(function MinuteStrip({ minutes }: { readonly minutes: readonly MinutePoint[] }) {
  const shown = minutes.slice(-minutesShown);
  const empty = minutesShown - shown.length;
  const expected = shown.reduce((sum, minute) => sum + minute.expected, 0);
  const lost = shown.reduce((sum, minute) => sum + minute.expected - minute.delivered, 0);
  const label = expected === 0 ? 'No run was counted in the last hour' : `Events lost per minute, last hour: ${formatCount(lost)} of ${formatCount(expected)}, ${formatShare(lost / expected)}`;
  return (
    <svg className="minute-strip" viewBox={`0 0 ${minutesShown * pitch} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {empty > 0 && <path className="void" d={`M.4 ${height - 11}H${empty * pitch}`} />}
      {shown.map((minute, index) => {
        const x = (empty + index) * pitch + 0.5;
        if (minute.expected === 0) return <rect key={minute.at} className="void-minute" x={x} y={height - 12} width={pitch - 0.8} height={base} />;
        const share = (minute.expected - minute.delivered) / minute.expected;
        const rise = share === 0 ? base : Math.max(base + 2, Math.min(1, share / fullShare) * height);
        const kind = share === 0 ? 'quiet' : share > exceptionShare ? 'exception' : 'some';
        return <rect key={minute.at} className={kind} x={x} y={height - rise} width={pitch - 1} height={rise} />;
      })}
    </svg>
  );
});
