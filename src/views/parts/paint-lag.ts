import { between, type DurationMs, type EpochMs } from '#base/units.ts';
import type { MonitorStore } from './monitor-store.ts';

/** How many of the newest measurements are kept. */
const kept = 256;

const lags: DurationMs[] = [];

/** The newest delays from a socket's callback in the worker to the end of the frame that drew what it brought; oldest first. */
export const paintLags = (): readonly DurationMs[] => lags;

/** Notes when a frame is through that shows an event for the first time. */
export function measurePaintLag(store: MonitorStore): { painted(newestAt: EpochMs): void; stop(): void } {
  let newest: EpochMs | undefined;
  // A message that is sent while a frame is made comes after the frame is through.
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }: MessageEvent<EpochMs>) => {
    lags.push(between(data, store.now()));
    if (lags.length > kept) lags.shift();
  };
  return {
    painted(newestAt) {
      if (newestAt === newest) return;
      newest = newestAt;
      channel.port2.postMessage(newestAt);
    },
    stop: () => channel.port1.close(),
  };
}
