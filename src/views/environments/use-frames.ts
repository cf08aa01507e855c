import { useEffect, useState } from 'react';
import type { FramesDetail } from '#monitor/frames-detail.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';

/** From one answer to the next question. */
const pauseMs = 2000;

/** The newest frames of an environment, asked for again and again until they are held; undefined where it was never watched. */
export function useFrames(environmentId: string, held: boolean): FramesDetail | undefined {
  const { client } = useMonitorStore();
  const [detail, setDetail] = useState<FramesDetail>();
  useEffect(() => {
    if (held) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      client.frames(environmentId).then(
        (answer) => {
          if (stopped) return;
          setDetail(answer);
          timer = setTimeout(ask, pauseMs);
        },
        () => {
          if (!stopped) timer = setTimeout(ask, pauseMs);
        },
      );
    };
    ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [client, environmentId, held]);
  return detail;
}
