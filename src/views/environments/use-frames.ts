import { useCallback, useState } from 'react';
import type { FramesDetail } from '#monitor/frames-detail.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { useRepeated } from '#views/parts/use-repeated.ts';

/** From one answer to the next question. */
const pauseMs = 2000;

/** The newest frames of an environment, asked for again and again until they are held; undefined where it was never watched. */
export function useFrames(environmentId: string, held: boolean): FramesDetail | undefined {
  const { client } = useMonitorStore();
  const [detail, setDetail] = useState<FramesDetail>();
  const ask = useCallback(async () => (held ? undefined : { frames: await client.frames(environmentId) }), [client, environmentId, held]);
  const take = useCallback((answer: { readonly frames: FramesDetail | undefined } | undefined) => {
    if (answer !== undefined) setDetail(answer.frames);
  }, []);
  useRepeated(ask, take, held ? null : pauseMs);
  return detail;
}
