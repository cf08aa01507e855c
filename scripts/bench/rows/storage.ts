import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { atMost, type Measurement, pause, say } from '../measurement.ts';
import { filledStore } from '../stored-events.ts';
import { median, rounded } from '../statistics.ts';
import type { RowOptions } from './row.ts';

/** What an event costs beyond its own bytes: as the process's memory tells, and as the store accounts for it. */
export async function storageRow({ rounds, quick }: RowOptions): Promise<Measurement[]> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('This Node offers no garbage collection on demand.');
  const events = quick ? 250_000 : 1_000_000;
  const used = async (): Promise<number> => {
    // Buffers are freed some time after the object that held them.
    for (let turn = 0; turn < 3; turn += 1) {
      collect();
      await pause(50);
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const measured: number[] = [];
  const accounted: number[] = [];
  const fill = async (before: number): Promise<void> => {
    const { store } = filledStore(events, 1000);
    measured.push(((await used()) - before - store.textBytes) / events);
    accounted.push(store.bytesPerEvent());
  };
  // The first fill compiles the code, which is no event's memory.
  filledStore(10_000, 1000);
  for (let round = 0; round < rounds; round += 1) {
    await fill(await used());
    say(`   round ${round + 1}: ${rounded(measured.at(-1) ?? 0)} B an event in the process, ${rounded(accounted.at(-1) ?? 0)} B by the store’s own account`);
  }
  return [
    {
      row: 'd',
      what: `memory per stored event beyond its text, ${rounded(events)} events stored`,
      unit: 'B',
      values: measured,
      bar: atMost(48),
      context: `the store’s own account, run ids aside: ${rounded(median(accounted))} B`,
      limit: 'the columns, and the ids of the runs, which are texts on the heap',
    },
  ];
}
