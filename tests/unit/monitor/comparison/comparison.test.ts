import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { compare } from '#monitor/comparison/comparison.ts';
import type { ComparedAsk, Comparison, RangeComparison, RunComparison } from '#monitor/comparison/comparison-report.ts';
import type { Recording } from '#monitor/recording.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { differenceInterval } from '#slo/difference.ts';
import { wilson } from '#slo/interval.ts';
import { frame, start } from '../../../fixtures/drawing.ts';
import { drawnRecording } from '../../../fixtures/drawn-recording.ts';

/** Two environments, and what is known of each. */
async function compared(recordings: Readonly<Record<string, Recording>>, left: ComparedAsk, right: ComparedAsk): Promise<Comparison> {
  return compare((id) => recordings[id], { left, right });
}

async function ranges(...args: Parameters<typeof compared>): Promise<RangeComparison> {
  const comparison = await compared(...args);
  if (comparison.kind !== 'ranges') throw new Error(comparison.kind);
  return comparison;
}

async function runs(...args: Parameters<typeof compared>): Promise<RunComparison> {
  const comparison = await compared(...args);
  if (comparison.kind !== 'runs') throw new Error(comparison.kind);
  return comparison;
}

const all = (environmentId: string): ComparedAsk => ({ environmentId });
const at = (column: number) => epochMs(start + 100 * column);

/** Sixteen columns a run: a good one is closed 1 s after its last event. */
const good = '>STERC          ';
const lossy = '>STE.C          ';

describe('two stretches of time', () => {
  test('runs, delivered of expected, event types and violations of each side, with their intervals', async () => {
    const local = drawnRecording(`u0: ${good.repeat(4)}${lossy.repeat(4)}`);
    const comparison = await ranges({ local }, { environmentId: 'local', to: at(65) }, { environmentId: 'local', from: at(65) });
    expect(comparison.left.runs).toEqual({ complete: 4, incomplete: 0, failed: 0, inconclusive: 0 });
    expect(comparison.right.runs).toEqual({ complete: 0, incomplete: 4, failed: 0, inconclusive: 0 });
    expect(comparison.delivered.left).toEqual({ good: 20, valid: 20, trials: 4, ratio: 1, interval: wilson(4, 4) });
    expect(comparison.delivered.right).toMatchObject({ good: 16, valid: 20, trials: 4, ratio: 0.8, interval: wilson(3.2, 4) });
    const lost = comparison.types.find(({ type }) => type === 'tool_completed');
    expect(lost?.share.right).toMatchObject({ good: 0, valid: 4, ratio: 0 });
    expect(lost?.share.difference).toEqual({ word: 'lower', by: -1, interval: differenceInterval({ ratio: 1, trials: 4 }, { ratio: 0, trials: 4 }) });
    expect(lost?.differs).toBe(true);
    expect(comparison.types.find(({ type }) => type === 'agent_started')).toMatchObject({ differs: false, share: { difference: { word: 'same', by: 0 } }, sinceTrigger: { left: { count: 4, p50: 100 } } });
    expect(comparison.good.difference).toMatchObject({ word: 'lower', by: -1 });
    expect(comparison.left.forgottenBefore).toBeNull();
  });

  test('of few runs no difference can be told, and yet they differ', async () => {
    const local = drawnRecording(`u0: ${good.repeat(2)}${lossy}`);
    const { delivered } = await ranges({ local }, { environmentId: 'local', to: at(32) }, { environmentId: 'local', from: at(32) });
    expect(delivered.difference).toMatchObject({ word: 'untold' });
    expect(delivered.difference.interval[0]).toBeLessThan(0);
    expect(delivered.difference.interval[1]).toBeGreaterThan(0);
  });

  test('a stretch holds the runs that were closed in it: from its beginning on, before its end', async () => {
    // Each closes 1 s, ten columns, after its last event, which comes six columns after its line of sixteen began.
    const local = drawnRecording(`u0: ${good.repeat(3)}`);
    const closes = [...local.engine.tracker.runs()].map((run) => run.closedAt ?? epochMs(0));
    const [, second = epochMs(0), third = epochMs(0)] = closes;
    const { left, right } = await ranges({ local }, { environmentId: 'local', from: second, to: third }, { environmentId: 'local', from: epochMs(second + 1) });
    expect([left.runs.complete, right.runs.complete]).toEqual([1, 1]);
  });

  test('the golden path: passed, failed and blocked at each stage, and how long it took', async () => {
    const local = drawnRecording(`u0: ${good}>       ${' '.repeat(120)}`);
    const { stages } = await ranges({ local }, { environmentId: 'local', to: at(20) }, { environmentId: 'local', from: at(20) });
    expect(stages.map(({ stage }) => stage)).toEqual(['login', 'connection', 'agent', 'stream', 'response']);
    expect(stages[2]).toMatchObject({ left: { passed: 1, failed: 0 }, right: { passed: 0, failed: 1 }, durations: { left: { p50: 100 }, right: { p50: null } }, differs: true });
    expect(stages[3]).toMatchObject({ right: { blocked: 1 } });
    expect(stages[1]).toMatchObject({ left: { passed: 1 }, right: { passed: 1 }, differs: false });
  });

  test('duplicates, disorder and leaks are counted on their own side', async () => {
    const more: RunwatchRecord[] = [frame(4, 'local#0', { type: 'agent_thinking', runId: 'u0-1', eventId: 'x' }), frame(5, 'local#0', { type: 'agent_thinking', runId: 'u0-1', eventId: 'x' }), frame(4, 'local#1', { type: 'agent_thinking', runId: 'u0-1' })];
    const local = drawnRecording(`u0: ${good}${good}\nu1: ${good}`, { more });
    const { violations, leaked } = await ranges({ local }, { environmentId: 'local', to: at(20) }, { environmentId: 'local', from: at(20) });
    expect(violations.find(({ kind }) => kind === 'duplicate')).toMatchObject({ left: 1, right: 0, share: { left: { good: 1, valid: 2 }, right: { good: 0, valid: 1 } }, differs: true });
    expect(violations.find(({ kind }) => kind === 'dumped')).toMatchObject({ left: 0, right: 0, differs: false });
    expect(leaked).toEqual({ left: 1, right: 0 });
  });

  test('latencies differ where they are a quarter longer, and by more than the clocks may be wrong', async () => {
    const sample = (column: number, roundTripMs: number): RunwatchRecord => ({ record: 'clock-sample', at: at(column), connection: 'local#0', sentAt: epochMs(at(column) - roundTripMs), serverAt: epochMs(at(column) - roundTripMs / 2), receivedAt: at(column) });
    const late = (column: number, by: number): RunwatchRecord => frame(column, 'local#0', { type: 'agent_thinking', sentAt: at(column) - by });
    const of = async (roundTripMs: number) => {
      const local = drawnRecording(`u0: ${good}${good}`, { more: [sample(0, roundTripMs), late(3, 40), late(19, 90)] });
      const { types } = await ranges({ local }, { environmentId: 'local', to: at(17) }, { environmentId: 'local', from: at(17) });
      return types.find(({ type }) => type === 'agent_thinking')?.latency;
    };
    expect(await of(10)).toMatchObject({ left: { count: 1, p50: 40 }, right: { count: 1, p50: 90 }, differs: true });
    expect(await of(200)).toMatchObject({ differs: false });
  });

  test('what was forgotten is said', async () => {
    const local = drawnRecording(`u0: ${good.repeat(5)}`, { contract: { rememberRuns: 2 } });
    const { left, right } = await ranges({ local }, all('local'), { environmentId: 'local', from: at(16 * 3) });
    expect(left.runs.complete).toBe(2);
    expect(left.forgottenBefore).toBeGreaterThan(at(48));
    expect(right.forgottenBefore === null || right.forgottenBefore > at(48)).toBe(true);
  });

  test('an environment beside another, by their own names', async () => {
    const recordings = { local: drawnRecording(`u0: ${good}`), 'capture:1': drawnRecording(`u0: ${lossy}`) };
    const { left, right, delivered } = await ranges(recordings, all('local'), all('capture:1'));
    expect([left.environmentId, right.environmentId]).toEqual(['local', 'capture:1']);
    expect(delivered.difference.by).toBeCloseTo(-0.2);
  });

  test('a run beside a stretch is a stretch of one run', async () => {
    const local = drawnRecording(`u0: ${good}${lossy}`);
    const { left, right } = await ranges({ local }, all('local'), { environmentId: 'local', run: 'u0-2' });
    expect(left.runs).toMatchObject({ complete: 1, incomplete: 1 });
    expect(right).toMatchObject({ run: { id: 'u0-2' }, runs: { complete: 0, incomplete: 1 } });
  });

  test('with itself has no differences, whatever came', async () => {
    const letters = fc.string({ unit: fc.constantFrom('>', 'S', 'T', 'E', 'R', 'C', 'X', '!', '^', ' '), maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(letters, letters, async (one, other) => {
        const local = drawnRecording(`u0: >${one}\nu1: >${other}`);
        const { delivered, good: goodRuns, stages, types, violations, leaked } = await ranges({ local }, all('local'), all('local'));
        for (const { difference } of [delivered, goodRuns]) expect(['same', 'no-data']).toContain(difference.word);
        expect([...stages, ...types, ...violations].filter(({ differs }) => differs)).toEqual([]);
        expect(leaked.left).toBe(leaked.right);
      }),
      { numRuns: 60 },
    );
  });
});

describe('two runs', () => {
  test('a lossy one beside the last good one of its connection: the n-th event of a type beside the n-th', async () => {
    const local = drawnRecording(`u0: ${good}${lossy}\nu1: ${lossy}${good}`);
    const { left, right, events, whole } = await runs({ local }, { environmentId: 'local', lastGoodBefore: 'u0-2' }, { environmentId: 'local', run: 'u0-2' });
    expect([left.run?.id, right.run?.id, whole]).toEqual(['u0-1', 'u0-2', true]);
    expect(events.map(({ type, nth }) => [type, nth])).toEqual([['agent_started', 1], ['agent_thinking', 1], ['tool_executing', 1], ['tool_completed', 1], ['agent_completed', 1]]);
    expect(events.filter(({ differs }) => differs)).toMatchObject([{ type: 'tool_completed', left: { afterMs: 400, disposition: 'attributed' }, right: null, missingLeft: false, missingRight: true }]);
    expect(events[0]).toMatchObject({ left: { afterMs: 100 }, right: { afterMs: 100 } });
  });

  test('what only one of them has stands where it came, and what lacks behind the last that comes no later', async () => {
    const local = drawnRecording('u0: >STERC          >STERERE.C          ');
    const { events } = await runs({ local }, { environmentId: 'local', run: 'u0-1' }, { environmentId: 'local', run: 'u0-2' });
    expect(events.map(({ type, nth }) => `${type} ${nth}`)).toEqual(['agent_started 1', 'agent_thinking 1', 'tool_executing 1', 'tool_completed 1', 'tool_executing 2', 'tool_completed 2', 'tool_executing 3', 'tool_completed 3', 'agent_completed 1']);
    expect(events[7]).toMatchObject({ left: null, right: null, missingLeft: false, missingRight: true, differs: true });
    // What was not expected of the shorter run, it does not lack.
    expect(events[5]).toMatchObject({ left: null, missingLeft: false, differs: true });
  });

  test('what came twice moves nothing, and stands for itself', async () => {
    const more = [frame(4, 'local#0', { type: 'agent_thinking', runId: 'u0-1', eventId: 'x' }), frame(5, 'local#0', { type: 'agent_thinking', runId: 'u0-1', eventId: 'x' })];
    const local = drawnRecording(`u0: >S...C          ${good}`, { more, contract: { requiredEvents: ['agent_started', 'agent_thinking', 'agent_completed'] } });
    const { events } = await runs({ local }, { environmentId: 'local', run: 'u0-1' }, { environmentId: 'local', run: 'u0-2' });
    const thinking = events.filter(({ type }) => type === 'agent_thinking');
    expect(thinking).toMatchObject([{ nth: 1, left: { disposition: 'attributed' }, right: { disposition: 'attributed' } }, { nth: 1, left: { disposition: 'duplicate' }, right: null, differs: true }]);
  });

  test('a delivery that took visibly longer differs, beyond what the clocks may be wrong', async () => {
    const sample: RunwatchRecord = { record: 'clock-sample', at: at(0), connection: 'local#0', sentAt: epochMs(at(0) - 10), serverAt: epochMs(at(0) - 5), receivedAt: at(0) };
    const more = [sample, frame(3, 'local#0', { type: 'agent_thinking', sentAt: at(3) - 20 }), frame(19, 'local#0', { type: 'agent_thinking', sentAt: at(19) - 3000 })];
    const local = drawnRecording('u0: >S..ERC         >S..ERC         ', { more });
    const { events } = await runs({ local }, { environmentId: 'local', run: 'u0-1' }, { environmentId: 'local', run: 'u0-2' });
    expect(events.filter(({ differs }) => differs)).toMatchObject([{ type: 'agent_thinking', left: { latencyMs: 20 }, right: { latencyMs: 3000 } }]);
  });

  test('with itself has no differences, whatever came', async () => {
    const letters = fc.string({ unit: fc.constantFrom('S', 'T', 'E', 'R', 'C', 'X', ' '), maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(letters, async (one) => {
        const local = drawnRecording(`u0: >${one}`);
        const same: ComparedAsk = { environmentId: 'local', run: 'u0-1' };
        const { events } = await runs({ local }, same, same);
        expect(events.filter(({ differs }) => differs)).toEqual([]);
        expect(events.every(({ missingLeft, missingRight }) => missingLeft === missingRight)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('a running one lacks nothing yet', async () => {
    const local = drawnRecording(`u0: ${good}>ST`, { untilMs: 2000 });
    const { events } = await runs({ local }, { environmentId: 'local', run: 'u0-1' }, { environmentId: 'local', run: 'u0-2' });
    expect(events.filter(({ missingRight }) => missingRight)).toEqual([]);
    expect(events.filter(({ right }) => right === null).map(({ type }) => type)).toEqual(['tool_executing', 'tool_completed', 'agent_completed']);
  });
});

describe('what there is not', () => {
  const local = () => drawnRecording(`u0: ${lossy}`);

  test('an environment, a run, a good run', async () => {
    expect(await compared({ local: local() }, all('moon'), all('local'))).toEqual({ kind: 'nothing', side: 'left', lack: 'unknown-environment' });
    expect(await compared({ local: local() }, all('local'), { environmentId: 'local', run: 'nobody' })).toEqual({ kind: 'nothing', side: 'right', lack: 'unknown-run' });
    expect(await compared({ local: local() }, { environmentId: 'local', lastGoodBefore: 'u0-1' }, all('local'))).toEqual({ kind: 'nothing', side: 'left', lack: 'no-good-run' });
  });

  test('of a run that another environment knows: its newest good one', async () => {
    const recordings = { local: local(), other: drawnRecording(`v0: ${good}${good}`) };
    const { left } = await runs(recordings, { environmentId: 'other', lastGoodBefore: 'u0-1' }, { environmentId: 'local', run: 'u0-1' });
    expect(left.run?.id).toBe('v0-2');
  });
});
