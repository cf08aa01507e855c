import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { WindowQueue } from '#monitor/window-queue.ts';
import { contractRules } from '#runs/contract.ts';
import { Run } from '#runs/run.ts';
import { RunConnection } from '#runs/run-connection.ts';
import { capturedContractSchema } from '#environment/schema.ts';

const rules = contractRules(capturedContractSchema.parse({}));
const connection = new RunConnection('local#0');
let ordinal = 0;

function runClosedAt(at: number): Run {
  const run = new Run(rules, connection, ordinal, ordinal + 1, epochMs(0), false);
  ordinal += 1;
  run.close(epochMs(at), 'silence');
  return run;
}

/** A queue with windows of 10 and 100 ms, what each holds (closing times and lates), and how often they were told anything. */
function queueOf() {
  const held = [new Map<string, number>(), new Map<string, number>()];
  const told = { times: 0 };
  const windows = [10, 100].map((windowMs, index) => ({
    windowMs,
    count: (share: string, sign: 1 | -1) => {
      told.times += 1;
      const of = held[index];
      const left = (of?.get(share) ?? 0) + sign;
      if (left === 0) of?.delete(share);
      else of?.set(share, left);
    },
  }));
  const queue = new WindowQueue<string>((run) => `${run.closedAt}${'!'.repeat(run.lates)}`, windows);
  return { queue, told, holds: (index: number) => Array.from(held[index] ?? [], ([share, times]) => (times === 1 ? share : `${share} × ${times}`)) };
}

describe('a window', () => {
  test('holds what was closed after its beginning, and not at it', () => {
    const { queue, holds } = queueOf();
    [1000, 1000, 1001, 1002].forEach((at) => queue.closed(runClosedAt(at)));
    queue.advance(1010);
    expect(holds(0)).toEqual(['1001', '1002']);
    expect(holds(1)).toEqual(['1000 × 2', '1001', '1002']);
    queue.advance(1200);
    expect([holds(0), holds(1)]).toEqual([[], []]);
    queue.closed(runClosedAt(1195));
    expect(holds(0)).toEqual(['1195']);
  });

  test('takes a run that comes out of order at its place, or not at all where that has passed', () => {
    const { queue, holds } = queueOf();
    [1000, 1005, 1020].forEach((at) => queue.closed(runClosedAt(at)));
    queue.advance(1020);
    expect(holds(0)).toEqual(['1020']);
    queue.closed(runClosedAt(1012));
    queue.closed(runClosedAt(1008));
    queue.closed(runClosedAt(990));
    expect(holds(0)).toEqual(['1020', '1012']);
    expect(holds(1)).toEqual(['1000', '1005', '1020', '1012', '1008', '990']);
    queue.advance(1022);
    expect(holds(0)).toEqual(['1020']);
    queue.advance(1105);
    expect(holds(1)).toEqual(['1020', '1012', '1008']);
  });

  test('takes out of a run what it added, however it is judged by then', () => {
    const { queue, holds } = queueOf();
    const run = runClosedAt(1000);
    queue.closed(run);
    run.lates = 1;
    expect(holds(0)).toEqual(['1000']);
    queue.rejudged(run);
    expect(holds(0)).toEqual(['1000!']);
    run.lates = 2;
    queue.advance(1010);
    expect([holds(0), holds(1)]).toEqual([[], ['1000!']]);
    queue.rejudged(run);
    expect([holds(0), holds(1)]).toEqual([[], ['1000!!']]);
    queue.forgotten(run);
    expect(holds(1)).toEqual([]);
    queue.rejudged(run);
    queue.forgotten(run);
    queue.advance(1200);
    expect([holds(0), holds(1)]).toEqual([[], []]);
  });

  test.each(['oldest', 'middle', 'newest'] as const)('goes on where its %s run was forgotten', (which) => {
    const { queue, holds } = queueOf();
    const runs = [1001, 1002, 1003].map(runClosedAt);
    runs.forEach((run) => queue.closed(run));
    const gone = runs[['oldest', 'middle', 'newest'].indexOf(which)];
    if (gone !== undefined) queue.forgotten(gone);
    queue.closed(runClosedAt(1004));
    expect(holds(0)).toEqual(['1001', '1002', '1003', '1004'].filter((share) => share !== `${gone?.closedAt}`));
    queue.advance(1012);
    expect(holds(0)).toEqual(['1003', '1004'].filter((share) => share !== `${gone?.closedAt}`));
    queue.advance(1014);
    expect(holds(0)).toEqual([]);
  });
});

test('the work is that of the runs that come and go, never of those that are there', () => {
  const { queue, told } = queueOf();
  for (let n = 0; n < 5000; n += 1) queue.closed(runClosedAt(1000 + n / 100));
  told.times = 0;
  for (let n = 0; n < 100; n += 1) queue.advance(1009 + n / 100);
  expect(told.times).toBe(0);
  const judged = runClosedAt(1050);
  queue.closed(judged);
  expect(told.times).toBe(2);
  told.times = 0;
  queue.rejudged(judged);
  expect(told.times).toBe(0);
  judged.lates = 1;
  queue.rejudged(judged);
  expect(told.times).toBe(4);
  told.times = 0;
  queue.advance(1011);
  // Those of the first millisecond and the run at its very end, from the shorter window.
  expect(told.times).toBe(101);
});
