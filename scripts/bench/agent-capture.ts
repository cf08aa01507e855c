import { epochMs } from '#base/units.ts';
import type { FrameRecord, HeaderRecord, RunwatchRecord } from '#record/record.ts';
import { agentRun, EVENTS_PER_RUN, runDigits } from './agent-run.ts';

const startAt = 1_760_000_000_000;
const connections = 10;
/** 2 000 events a second: what a busy environment brings. */
const perSecond = 2000;

const header: HeaderRecord = {
  record: 'header',
  at: epochMs(startAt),
  format: 'runwatch',
  version: 1,
  app: 'runwatch-bench',
  environment: { id: 'bench', name: 'bench', kind: 'local', transport: 'websocket', dialect: 'canonical' },
};

/** What comes before the frames of a capture: its header, and ten connections that open. */
export function captureBegin(): RunwatchRecord[] {
  const opens = Array.from({ length: connections }, (_, n) => {
    return { record: 'connection-open', at: header.at, connection: `bench#${n}`, user: `user-${n}`, transport: 'websocket', recovered: false } as const;
  });
  return [header, ...opens];
}

export const captureHeader = (): HeaderRecord => header;

/** The frames of so many events, one event a frame, the runs of ten connections in turns. */
export function* captureFrames(events: number): Generator<FrameRecord> {
  const runs = Array.from({ length: connections }, () => agentRun('', '', 0));
  for (let index = 0; index < events; index += 1) {
    const n = index % connections;
    const step = Math.floor(index / connections) % EVENTS_PER_RUN;
    const at = startAt + (index * 1000) / perSecond;
    if (step === 0) runs[n] = agentRun(`user-${n}`, runDigits(Math.floor(index / connections / EVENTS_PER_RUN)), at - 3);
    const data = runs[n]?.[step];
    if (data !== undefined) yield { record: 'frame', at: epochMs(at), connection: `bench#${n}`, data };
  }
}
