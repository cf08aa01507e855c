import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Clock } from '#base/clock.ts';
import { durationMs, epochMs } from '#base/units.ts';
import { OpenedCapture } from '#monitor/opened/opened-capture.ts';
import { OpenedCaptures } from '#monitor/opened/opened-captures.ts';
import { Replay } from '#monitor/replay.ts';
import { makeReport, type Report } from '#monitor/report.ts';
import { systemClock } from '#monitor/system-clock.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { captureText, gzipFile, plainFile } from '../../../fixtures/capture-file.ts';
import { draw, start } from '../../../fixtures/drawing.ts';
import { ManualClock } from '../../../fixtures/manual-clock.ts';
import { captureStart, randomCapture } from '../../../fixtures/random-capture.ts';

const drawn = draw('u0: >STERC--------------->STEC----!---^->STERC-- |\nu1: >STXC-------->ST');
const end = drawn.at(-1)?.at ?? epochMs(start);

/** The report of a capture that is folded without a stop. */
function plainReport(text: string): Report {
  const replay = new Replay();
  replay.push(text);
  const replayed = replay.finish();
  if (!replayed.ok) throw new Error(replayed.error.message);
  return replayed.value.report;
}

const reportOf = (opened: OpenedCapture): Report => {
  const source = opened.source();
  if (source === undefined) throw new Error('not there');
  return makeReport(source.recording.engine);
};

const openedOf = (capture: Blob, clock: Clock = systemClock()): OpenedCapture => new OpenedCapture({ id: 'capture:1', capture, name: 'a.jsonl', clock });

async function loaded(text: string, clock?: Clock): Promise<OpenedCapture> {
  const opened = openedOf(plainFile(text), clock);
  expect(await opened.load()).toEqual({ ok: true, value: undefined });
  return opened;
}

const folder = new URL('../../../fixtures/vectors/', import.meta.url);
const vectors = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));

describe('an opened capture is the same as a plain fold, to the last digit', () => {
  test.each(vectors)('%s, as a whole and after it was gone through in steps', async (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const wanted = plainReport(text);
    const opened = await loaded(text);
    expect(reportOf(opened)).toEqual(wanted);
    const { from, to } = opened.snapshot()?.opened ?? { from: 0, to: 0 };
    await opened.play(null, epochMs(from));
    for (const share of [0.1, 0.35, 0.35, 0.7, 0.2, 0.95, 1]) await opened.play(null, epochMs(from + (to - from) * share));
    expect(reportOf(opened)).toEqual(wanted);
  });

  test('of random captures, wherever it stopped on the way', async () => {
    await fc.assert(
      fc.asyncProperty(randomCapture(), fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 6 }), async (records, stops) => {
        const text = captureText(records);
        const opened = await loaded(text);
        const whole = reportOf(opened);
        expect(whole).toEqual(plainReport(text));
        for (const stop of stops) await opened.play(null, epochMs(captureStart + stop));
        await opened.play(null, opened.snapshot()?.opened?.to);
        expect(reportOf(opened)).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });

  test('and what it shows in mid-way is what a fold up to there shows', async () => {
    const opened = await loaded(captureText(drawn));
    const middle = epochMs(start + 1050);
    await opened.play(null, middle);
    const cut = drawn.filter((record) => record.at <= middle);
    const upTo = await loaded(captureText(cut));
    expect(opened.source()?.recording.engine.frames).toEqual(upTo.source()?.recording.engine.frames);
    expect(opened.snapshot()?.opened).toMatchObject({ at: middle, from: start, to: end });
    expect(opened.snapshot()?.counts.running).toBeGreaterThan(0);
  });
});

describe('time in an opened capture', () => {
  /** Time passes by hand; what is read comes from the platform meanwhile. */
  async function pass(clock: ManualClock, ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += 50) {
      await clock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  test.each([0.25, 1, 4, 16])('passes %f times as fast, and deadlines fire when they are due', async (speed) => {
    const clock = new ManualClock();
    const opened = await loaded(captureText(drawn), clock);
    await opened.play(speed, epochMs(start));
    expect(opened.snapshot()?.opened).toMatchObject({ at: start, speed });
    await pass(clock, 2000 / speed);
    const { at } = opened.snapshot()?.opened ?? { at: 0 };
    expect(Math.abs(at - (start + 2000))).toBeLessThanOrEqual(50 * speed + 1);
    await pass(clock, (end - start) / speed);
    expect(opened.snapshot()?.opened).toMatchObject({ at: end, speed: null });
    expect(reportOf(opened)).toEqual(plainReport(captureText(drawn)));
  });

  test('is as of the moment of the question, however seldom it is folded by itself', async () => {
    const clock = new ManualClock();
    const opened = await loaded(captureText(drawn), clock);
    await opened.play(1, epochMs(start));
    await pass(clock, 100);
    clock.sleep(33);
    expect(opened.source()?.recording.engine.now).toBe(start + 133);
  });

  test('passes no deadline of a time in which the monitor was blind before that is known', async () => {
    const records: RunwatchRecord[] = [
      ...draw('u0: >S', { contract: { eventTimeoutMs: 1000, settleMs: 0 } }),
      { record: 'blind', at: epochMs(start + 9000), from: epochMs(start + 300), cause: 'asleep' },
      { record: 'end', at: epochMs(start + 9500) },
    ];
    const text = captureText(records);
    const clock = new ManualClock();
    const opened = await loaded(text, clock);
    await opened.play(1, epochMs(start));
    await pass(clock, 5000);
    expect(opened.snapshot()?.opened?.at).toBe(start + 300);
    expect(opened.snapshot()?.counts.running).toBe(1);
    await pass(clock, 5000);
    expect(reportOf(opened)).toEqual(plainReport(text));
    expect(reportOf(opened).counts.inconclusive).toBe(1);
  });

  test('stands still on request, and goes on from there', async () => {
    const clock = new ManualClock();
    const opened = await loaded(captureText(drawn), clock);
    await opened.play(4, epochMs(start));
    await pass(clock, 200);
    await opened.play(null);
    const { at } = opened.snapshot()?.opened ?? { at: 0 };
    expect(at).toBeGreaterThan(start);
    await pass(clock, 1000);
    expect(opened.snapshot()?.opened).toMatchObject({ at, speed: null });
  });

  test('of a last order only: an earlier one that is under way ends', async () => {
    const opened = await loaded(captureText(drawn));
    const orders = [end, start + 700, start + 100, end, start + 500].map((at) => opened.play(null, epochMs(at)));
    await Promise.all(orders);
    expect(opened.snapshot()?.opened).toMatchObject({ at: start + 500, loading: null });
  });
});

describe('the snapshot of an opened capture', () => {
  test('is of its own time: neither stale nor connected anew, and a mock stays a mock', async () => {
    const opened = await loaded(captureText(drawn));
    const snapshot = opened.snapshot();
    expect(snapshot).toMatchObject({ id: 'capture:1', name: 'Local – a.jsonl', kind: 'mock', mode: 'observe', phase: 'watching', needs: [] });
    expect(['stale', 'blind']).not.toContain(snapshot?.state);
    expect(snapshot?.connections.map(({ id, user }) => [id, user])).toEqual([
      ['local#0', 'u0'],
      ['local#1', 'u1'],
    ]);
  });

  test('is the same object while it stands', async () => {
    const opened = await loaded(captureText(drawn));
    expect(opened.snapshot()).toBe(opened.snapshot());
    const before = opened.snapshot();
    opened.note({ text: 'here it broke' });
    expect(opened.snapshot()).not.toBe(before);
  });

  test('tells how its connections stood', async () => {
    const opened = await loaded(captureText(drawn));
    const closing = drawn.find((record) => record.record === 'connection-close');
    await opened.play(null, closing?.at);
    expect(opened.snapshot()?.connections[0]).toMatchObject({ state: 'retrying', problem: { reason: 'connection-lost' } });
    expect(opened.snapshot()?.open).toBe(1);
    await opened.play(null, end);
    expect(opened.snapshot()?.open).toBe(2);
  });

  test('draws connections by their numbers, and a capture without any all the same', async () => {
    const records = drawn.flatMap((record): RunwatchRecord[] => ('connection' in record ? [{ ...record, connection: record.connection.replace('#0', '#10').replace('#1', '#1') }] : [record]));
    const many = await loaded(captureText(records));
    expect(many.source()?.recording.lanes).toEqual(['local#1', 'local#10']);
    const none = await loaded(captureText(drawn.filter((record) => !('connection' in record))));
    expect(none.snapshot()).toMatchObject({ wanted: 0, connections: [], state: 'no-data' });
  });

  test('keeps its notes when it goes back', async () => {
    const opened = await loaded(captureText(drawn));
    opened.note({ text: 'here it broke' });
    await opened.play(null, epochMs(start));
    expect(opened.source()?.recording.notes.map(({ text }) => text)).toEqual(['here it broke']);
  });
});

test('a capture that claims to span all times there are is opened, and played, in no time', async () => {
  const records: RunwatchRecord[] = [
    ...draw('u0: >STER'),
    { record: 'frame', at: epochMs(8.6e15), connection: 'local#0', data: { type: 'agent_started', runId: 'far' } },
    { record: 'end', at: epochMs(8.64e15) },
  ];
  const since = performance.now();
  const opened = await loaded(captureText(records));
  expect(opened.snapshot()?.opened?.to).toBe(8.64e15);
  await opened.play(null, epochMs(5e15));
  expect(opened.snapshot()?.opened?.at).toBe(5e15);
  await opened.play(16);
  await opened.play(null, epochMs(8.64e15));
  expect(reportOf(opened)).toEqual(plainReport(captureText(records)));
  expect(performance.now() - since).toBeLessThan(5000);
});

describe('what is open beside what is watched', () => {
  const good = gzipFile(captureText(drawn));

  test('is listed by an id of its own, and forgotten when it is closed', async () => {
    const captures = new OpenedCaptures(systemClock());
    const answer = await captures.open(good, 'a.jsonl.gz');
    expect(answer).toEqual({ kind: 'opened', environmentId: 'capture:1' });
    expect(captures.snapshots().map(({ id }) => id)).toEqual(['capture:1']);
    expect(captures.sources().map(([id]) => id)).toEqual(['capture:1']);
    captures.close('capture:1');
    expect([captures.snapshots(), captures.source('capture:1')]).toEqual([[], undefined]);
  });

  test.each([
    ['no capture at all', 'hello\n', 'no-header', 1],
    ['a broken line in mid-file', captureText(drawn).replace(/(\n.*){6}/, (lines) => `${lines}{`), 'broken-line', expect.any(Number)],
    ['a dialect that is not spoken', captureText(drawn).replace('"canonical"', '"klingon"'), 'no-header', 1],
    ['time that goes back', `${captureText(drawn.slice(0, -1))}{"record":"note","at":5,"text":"x"}\n`, 'time-goes-back', expect.any(Number)],
  ])('stays whole where %s is refused', async (_, text, reason, line) => {
    const captures = new OpenedCaptures(systemClock());
    await captures.open(good, 'good');
    const before = captures.snapshots();
    expect(await captures.open(plainFile(text), 'broken')).toEqual({ kind: 'fault', fault: { line, reason, message: expect.any(String), remedy: expect.any(String) } });
    expect(captures.snapshots()).toEqual(before);
  });

  test('is bounded, in number and in connections', async () => {
    const captures = new OpenedCaptures(systemClock());
    const many = Array.from({ length: 1001 }, (_, n) => ({ record: 'frame', at: end, connection: `c${n}`, data: {} }) as const);
    expect(await captures.open(plainFile(captureText([...drawn.slice(0, -1), ...many])), 'many')).toMatchObject({ kind: 'fault', fault: { reason: 'too-many-connections' } });
    const named = [{ record: 'frame', at: end, connection: 'c'.repeat(257), data: {} }] as const;
    expect(await captures.open(plainFile(captureText([...drawn.slice(0, -1), ...named])), 'named')).toMatchObject({ kind: 'fault', fault: { reason: 'name-too-long' } });
    for (let n = 0; n < 4; n += 1) expect(await captures.open(good, `${n}`)).toMatchObject({ kind: 'opened' });
    expect(await captures.open(good, 'one more')).toMatchObject({ kind: 'fault', fault: { reason: 'too-many-open' } });
    expect(captures.snapshots()).toHaveLength(4);
  });

  test('tells how far it is, and can be closed meanwhile', async () => {
    const notes = Array.from({ length: 30_000 }, (_, n) => ({ record: 'note', at: end, text: `note ${n}` }) as const);
    const captures = new OpenedCaptures(systemClock());
    const opening = captures.open(plainFile(captureText([...drawn.slice(0, -1), ...notes])), 'long');
    await vi.waitFor(() => expect(captures.snapshots()[0]?.opened?.loading).toBeGreaterThan(0));
    expect(captures.snapshots()[0]?.phase).toBe('starting');
    captures.close('capture:1');
    expect(await opening).toMatchObject({ kind: 'fault', fault: { reason: 'closed' } });
    expect(captures.snapshots()).toEqual([]);
  });

  test('is played no faster and no slower than people can follow', async () => {
    const captures = new OpenedCaptures(systemClock());
    await captures.open(good, 'a');
    await captures.play('capture:1', 1000, epochMs(start));
    expect(captures.snapshots()[0]?.opened?.speed).toBe(16);
    await captures.play('capture:1', Number.NaN);
    expect(captures.snapshots()[0]?.opened?.speed).toBeNull();
    await captures.play('capture:9', 1);
    captures.close('capture:1');
  });

  test('says what is wrong where the file changes under it, and shows what it had', async () => {
    const opened = openedOf(good);
    await opened.load();
    Object.defineProperty(good, 'slice', { configurable: true, value: () => ({ arrayBuffer: () => Promise.reject(new Error('The file was moved.')) }) });
    await opened.play(1, epochMs(start));
    expect(opened.snapshot()).toMatchObject({ problem: { reason: 'unreadable' }, opened: { speed: null, loading: null } });
    Reflect.deleteProperty(good, 'slice');
  });

  test('never fails the others for what one holds', async () => {
    const opened = await loaded(captureText(drawn));
    await opened.play(null, epochMs(start));
    const { recording } = opened.source() ?? {};
    if (recording === undefined) throw new Error('not there');
    vi.spyOn(recording.engine, 'apply').mockImplementation(() => {
      throw new Error('boom');
    });
    await opened.play(null, end);
    expect(opened.snapshot()?.problem).toMatchObject({ reason: 'not-folded', message: expect.stringContaining('boom') });
  });

  test('waits for its turn: a slice of work is short', async () => {
    let waited = 0;
    const real = systemClock();
    const clock: Clock = {
      now: () => epochMs(real.now() * 50),
      after: (delay, task) => {
        waited += 1;
        return real.after(durationMs(delay), task);
      },
    };
    await loaded(captureText(drawn), clock);
    expect(waited).toBeGreaterThan(0);
  });
});
