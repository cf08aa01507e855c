import { useEffect, useState } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { TimelineSlice } from '#monitor/snapshot.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';

/** More than a screen can show one by one; beyond it the slice says how many it left out. */
const maxEvents = 20_000;
/** Pause between two questions; in between, the slice that is there is drawn against the running time. */
const pauseMs = 250;
/** Fetched beyond the left edge, so that runs which reach over it have their events. */
const marginMs = 10_000;

/**
 * The events and runs that end at `endAt`, or at the running time if `endAt` is undefined; asked for again a few times
 * a second, as late events may change the past too.
 */
export function useTimelineSlice(environmentId: string, spanMs: number, endAt: EpochMs | undefined): TimelineSlice | undefined {
  const store = useMonitorStore();
  const [slice, setSlice] = useState<TimelineSlice>();
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const to = endAt ?? store.now();
      const answer = await store.client.timeline(environmentId, epochMs(to - spanMs - marginMs), to, maxEvents);
      if (stopped) return;
      setSlice(answer);
      if (endAt === undefined) timer = setTimeout(run, pauseMs);
    };
    const run = (): void => {
      // A monitor that has gone answers nothing more; its silence is shown by the age of the data.
      ask().catch(() => undefined);
    };
    run();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [store, environmentId, spanMs, endAt]);
  return slice;
}
