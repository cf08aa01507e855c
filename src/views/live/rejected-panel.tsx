import { useEffect, useState } from 'react';
import type { RejectedFrame } from '#monitor/snapshot.ts';
import { formatCount, localTime } from '#views/parts/format.ts';
import { RawText } from '#views/parts/raw-text.tsx';
import { reasonSentences } from '#views/parts/reject-reasons.ts';
import { useEnvironment, useMonitorStore } from '#views/parts/use-monitor.ts';
import { SidePanel } from '#views/parts/run/side-panel.tsx';
import './rejected-panel.css';

/** Frames that could not be decoded: when, on which connection, why, and as they came. */
export function RejectedPanel({ environmentId, mock, onClose }: { readonly environmentId: string; readonly mock: boolean; readonly onClose: () => void }) {
  const store = useMonitorStore();
  const total = useEnvironment(environmentId, (environment) => environment.frames.rejected) ?? 0;
  const reasons = useEnvironment(environmentId, (environment) => environment.frames.rejectedBy) ?? {};
  const [frames, setFrames] = useState<readonly RejectedFrame[]>();
  useEffect(() => {
    let stopped = false;
    store.client.rejected(environmentId).then(
      (answer) => {
        if (!stopped) setFrames(answer);
      },
      () => {
        if (!stopped) setFrames([]);
      },
    );
    return () => {
      stopped = true;
    };
  }, [store, environmentId, total]);
  return (
    <SidePanel
      label="Rejected frames"
      title="Rejected frames"
      mock={mock}
      onClose={onClose}
      meta={Object.entries(reasons).map(([reason, count]) => (
        <span key={reason} className="chip">{`${reason} ${formatCount(count)}`}</span>
      ))}
    >
      <p className="rejected-note">{frames === undefined ? 'Looking for them …' : noteOf(frames.length, total)}</p>
      {total > 0 && <p className="rejected-note dim">Each is counted, and belongs to no run. Correct what the target sends here, or choose the dialect that it speaks.</p>}
      {frames?.map((frame, index) => (
        // Two frames may be alike in all that is known of them.
        // oxlint-disable-next-line react/no-array-index-key
        <section key={index} className="side-section">
          <h3>
            {frame.reason} <span>{frame.connection}</span> <span className="end">{localTime.precise(frame.at)}</span>
          </h3>
          <p className="rejected-why">{reasonSentences.get(frame.reason)}</p>
          {frame.why !== undefined && <p className="rejected-why mono">{frame.why}</p>}
          <RawText text={frame.raw} />
        </section>
      ))}
    </SidePanel>
  );
}

function noteOf(kept: number, total: number): string {
  if (total === 0) return 'No frame was rejected.';
  return kept < total ? `${formatCount(total)} frames could not be decoded; the newest ${formatCount(kept)} are kept.` : `${formatCount(total)} frames could not be decoded. All are kept as they came.`;
}
