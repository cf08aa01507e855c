import type { ReactNode } from 'react';
import type { LaneReport } from '#monitor/incident/incident-report.ts';

interface LaneToldProps {
  readonly report: LaneReport | undefined;
  /** There is room for a line for each thing that is known. */
  readonly isTall: boolean;
  /** The connection's name. */
  readonly children: ReactNode;
}

/** Lines below a name. */
const mostLines = 2;

/** A connection in words: its name, what is known of it, and last how many of its runs lost something. */
export function LaneTold({ report, isTall, children }: LaneToldProps) {
  const words = report === undefined || report.judged === 0 ? [...(report?.words ?? []), 'no run judged'] : report.words;
  const isLossy = (report?.lossy ?? 0) > 0;
  const shown = words.slice(isTall ? -mostLines : -1);
  return (
    <div className="lane-told" title={words.join(', ')}>
      {children}
      {shown.map((word, index) => (
        <span key={word} className={isLossy && index === shown.length - 1 ? 'lane-lossy' : 'lane-words'} role="gridcell">
          {word}
        </span>
      ))}
    </div>
  );
}
