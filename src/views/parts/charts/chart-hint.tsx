import type { MinutePoint } from '#monitor/snapshot.ts';
import { localTime } from '#views/parts/format.ts';

interface ChartHintProps {
  readonly lines: (minute: MinutePoint) => readonly string[];
  /** Recharts fills these two in. */
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: MinutePoint }[];
}

/** The figures of the minute under the pointer. */
export function ChartHint({ lines, active = false, payload = [] }: ChartHintProps) {
  const minute = payload[0]?.payload;
  if (!active || minute === undefined) return null;
  return (
    <div className="chart-hint">
      <b>{localTime.minute(minute.at)}</b>
      {lines(minute).map((line) => (
        <span key={line}>{line}</span>
      ))}
      {minute.blind && <span>blind for a part</span>}
    </div>
  );
}
