import { describe, expect, test } from 'vitest';
import { durationMs, epochMs } from '#base/units.ts';
import { Startup } from '#monitor/startup.ts';
import type { RunwatchRecord } from '#record/record.ts';

const login = (connection: string, at: number, outcome: 'passed' | 'failed' = 'passed'): RunwatchRecord => ({ record: 'stage', at: epochMs(at), connection, stage: 'login', outcome, durationMs: durationMs(5) });
const open = (connection: string, at: number): RunwatchRecord => ({ record: 'connection-open', at: epochMs(at), connection, transport: 'websocket', recovered: false });
const clock = (connection: string, at: number): RunwatchRecord => ({ record: 'clock-sample', at: epochMs(at), connection, sentAt: epochMs(at - 2), receivedAt: epochMs(at), serverAt: epochMs(at) });

function startupOf(...records: readonly RunwatchRecord[]): Startup {
  const startup = new Startup(epochMs(1000), 30_000);
  for (const record of records) startup.learn(record);
  return startup;
}

describe('the start of a watch', () => {
  test('has passed nothing at first', () => {
    expect(startupOf().snapshot()).toEqual({ startedAt: 1000, firstOpenAt: null, stages: [] });
  });

  test('says until when each stage was passed for the first time, and by how many, in the order of their ends', () => {
    const startup = startupOf(login('a', 1100), login('b', 1900), open('a', 1200), open('b', 2000), clock('a', 1250), clock('b', 2050), clock('a', 9000));
    startup.event('a', epochMs(1500));
    startup.event('b', epochMs(1600));
    expect(startup.snapshot()).toEqual({
      startedAt: 1000,
      firstOpenAt: 1200,
      stages: [
        { stage: 'event', at: 1500, connections: 1 },
        { stage: 'login', at: 1900, connections: 2 },
        { stage: 'connect', at: 2000, connections: 2 },
        { stage: 'clock', at: 2050, connections: 2 },
      ],
    });
  });

  test('is not moved by a reconnect, nor by what failed', () => {
    expect(startupOf(login('a', 1050, 'failed'), open('a', 1200), open('a', 5000)).snapshot().stages).toEqual([{ stage: 'connect', at: 1200, connections: 1 }]);
  });

  test('is over at its limit', () => {
    expect(startupOf(open('a', 1200), open('b', 31_001)).snapshot()).toEqual({ startedAt: 1000, firstOpenAt: 1200, stages: [{ stage: 'connect', at: 1200, connections: 1 }] });
    expect(startupOf(open('a', 90_000)).snapshot()).toEqual({ startedAt: 1000, firstOpenAt: 90_000, stages: [] });
  });
});
