import { describe, expect, test } from 'vitest';
import type { ArchiveLine } from '#archive/archive-asker.ts';
import type { AnyArchiveAsk } from '#archive/archive-questions.ts';
import { Archive } from '#archive/archive.ts';
import { ArchiveFeed } from '#monitor/archive-feed.ts';
import { chooseEnvironment } from '#monitor/environment-choice.ts';
import { Monitor } from '#monitor/monitor.ts';
import { Replay } from '#monitor/replay.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { seededRandom } from '#base/random.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';
import { MemoryLocks, MemoryStore } from '../../fixtures/memory-store.ts';

const contract = { settleMs: 100, eventTimeoutMs: 1000, firstEventTimeoutMs: 1000 };
const environment = { contract, probe: { everyMs: 1000, maxRunsPerHour: 100_000 } };

/** A line to an archive as a port is one: what is asked is answered later. */
function lineTo(archive: Archive): ArchiveLine {
  const line: ArchiveLine = {
    onmessage: null,
    postMessage: (message) => {
      const { id, name, ask } = message as AnyArchiveAsk;
      archive.ask(name, ask).then(
        (answer) => line.onmessage?.({ data: { id, answer } } as MessageEvent),
        (error: unknown) => line.onmessage?.({ data: { id, failed: String(error) } } as MessageEvent),
      );
    },
  };
  return line;
}

/** A browser whose pages share a storage, a clock and a target. */
function browser() {
  const live = liveWorld();
  const store = new MemoryStore();
  const locks = new MemoryLocks();
  const random = seededRandom(7);

  /** Opens a page as a worker does: an earlier capture goes on before the first connection. */
  async function open(fields: object = {}) {
    const known = environmentOf({ ...environment, ...fields });
    // Another page's numbers of chance are others.
    const monitor = new Monitor([known], { ...live.platform, random });
    const held = locks.page();
    const archive = new Archive({ store, locks: held, random, budgetBytes: async () => 1e9 });
    const feed = new ArchiveFeed(monitor, lineTo(archive));
    const watch = async (): Promise<void> => {
      const chosen = chooseEnvironment([known], known.id, {});
      if (!chosen.ok) throw new Error(chosen.error.message);
      const earlier = feed.earlier(chosen.value);
      const waited = pass(1200);
      monitor.watch(chosen.value, await Promise.race([earlier, waited.then(() => earlier)]));
      await waited;
    };
    await watch();
    return { monitor, feed, archive, watch, crash: () => held.crash() };
  }

  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 100) {
      await live.clock.advance(Math.min(100, left));
      // The storage answers by ways of the platform.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  return { ...live, store, open, pass };
}

type Page = Awaited<ReturnType<ReturnType<typeof browser>['open']>>;
const archived = async ({ archive }: Page): Promise<string> => {
  const [newest] = (await archive.ask('list', {})).captures;
  return newest === undefined ? '' : (await archive.ask('read', { capture: newest.id })).text();
};
function recordsOf(text: string): RunwatchRecord[] {
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  expect(reader.push(text)).toEqual({ ok: true, value: undefined });
  return records;
}
const counts = ({ monitor }: Page) => monitor.counts().environments['local']?.counts;

describe('what is handed over', () => {
  test('is everything that was learnt, and gives the same report', async () => {
    const { open, pass } = browser();
    const page = await open();
    await pass(5000);
    const stopped = page.monitor.unwatch('local');
    await pass(2000);
    await stopped;
    const text = await archived(page);
    expect(text).toBe(page.monitor.records('local'));
    const replay = new Replay();
    replay.push(text);
    expect(replay.finish()).toMatchObject({ ok: true, value: { report: page.monitor.report('local', {}) } });
    expect(page.monitor.snapshot().archive).toMatchObject({ storage: 'opfs', state: 'writing', lostRecords: 0, message: null });
  });

  test('goes on in another capture after the end of one, and is complete in both', async () => {
    const { open, pass } = browser();
    const page = await open();
    await pass(2000);
    const stopped = page.monitor.unwatch('local');
    await pass(1000);
    await stopped;
    await page.watch();
    await pass(2000);
    const { captures } = await page.archive.ask('list', {});
    expect(captures.map(({ ended, writer }) => [ended, writer])).toEqual([[false, 'here'], [true, null]]);
    expect(recordsOf(await archived(page)).length).toBeGreaterThan(20);
  });
});

describe('a page that crashed in mid-run', () => {
  async function crashed(fields: object = {}, change: object = fields) {
    const world = browser();
    world.target.stepMs = 300;
    const first = await world.open(fields);
    // Runs take 1.5 s and begin every second or later: some are always under way.
    await world.pass(6000);
    await world.pass(200);
    const before = { counts: counts(first), runs: first.monitor.report('local', {})?.runs ?? [], now: first.monitor.recording('local')?.engine.now ?? 0 };
    const inMidRun = before.runs.filter(({ status }) => status === 'running').map(({ id }) => id);
    const archive = first.archive;
    first.crash();
    // Nothing of the first page may reach the storage after its death.
    archive.ask = () => new Promise(() => undefined);
    await world.pass(3000);
    const second = await world.open(change);
    return { ...world, before, inMidRun, second };
  }

  test('has its runs again in the page after it, the gap marked, and no run of it held against the target', async () => {
    const { before, inMidRun, second, pass } = await crashed();
    expect(inMidRun.length).toBeGreaterThan(0);
    const recording = second.monitor.recording('local');
    const report = second.monitor.report('local', {});
    for (const run of before.runs) expect(report?.runs.map(({ id }) => id)).toContain(run.id);
    for (const id of inMidRun) expect(report?.runs.find((run) => run.id === id)?.status).toBe('inconclusive');
    expect(report?.counts.complete).toBeGreaterThanOrEqual(before.counts?.complete ?? 0);
    expect(report?.counts.incomplete).toBe(0);
    expect(recording?.blinds).toMatchObject([{ cause: 'stalled' }]);
    const [gap] = recording?.blinds ?? [];
    expect((gap?.at ?? 0) - (gap?.from ?? 0)).toBeGreaterThan(2900);
    // It goes on in the same capture, whose report is the same to the last digit.
    await pass(3000);
    const stopped = second.monitor.unwatch('local');
    await pass(2000);
    await stopped;
    const { captures } = await second.archive.ask('list', {});
    expect(captures).toMatchObject([{ gaps: [{ from: gap?.from, to: gap?.at }], lost: 0, ended: true }]);
    const replay = new Replay();
    replay.push(await archived(second));
    expect(replay.finish()).toMatchObject({ ok: true, value: { report: second.monitor.report('local', {}) } });
    expect(second.monitor.report('local', {})?.counts.complete).toBeGreaterThan(report?.counts.complete ?? 0);
  });

  test('closes what was open by then, as its own decision', async () => {
    const { second } = await crashed();
    const records = recordsOf(await archived(second));
    const gap = records.findIndex(({ record }) => record === 'blind');
    expect(records.slice(gap + 1, gap + 3)).toMatchObject([
      { record: 'connection-close', connection: 'local#0', cause: 'monitor' },
      { record: 'connection-close', connection: 'local#1', cause: 'monitor' },
    ]);
  });

  test.for([
    ['negative control: with the contract changed', { contract: { ...contract, settleMs: 150 } }],
    ['negative control: with other connections', { concurrentConnections: 1 }],
  ] as const)('%s a new capture begins', async ([, change]) => {
    const { second, inMidRun } = await crashed({}, change);
    expect(second.monitor.recording('local')?.blinds).toEqual([]);
    expect(second.monitor.report('local', {})?.runs.map(({ id }) => id)).not.toContain(inMidRun[0]);
    expect((await second.archive.ask('list', {})).captures).toHaveLength(2);
  });
});

describe('a storage that does not take it', () => {
  test('gives no answer: within a second it is said, and the live view goes on', async () => {
    const { open, pass, store } = browser();
    const page = await open();
    await pass(2000);
    expect(page.monitor.snapshot().archive).toMatchObject({ state: 'writing', message: null });
    store.hangs = true;
    const before = counts(page)?.complete ?? 0;
    await pass(1000);
    expect(page.monitor.snapshot().archive).toMatchObject({ state: 'blocked', message: expect.stringContaining('no answer'), remedy: expect.any(String) });
    await pass(5000);
    expect(counts(page)?.complete).toBeGreaterThan(before + 4);
  });

  test('refuses for a while: what came meanwhile is stored when it can be, and nothing is lost', async () => {
    const { open, pass, store } = browser();
    const page = await open();
    await pass(1000);
    store.error = new DOMException('no', 'NoModificationAllowedError');
    await pass(1000);
    expect(page.monitor.snapshot().archive).toMatchObject({ state: 'blocked', message: expect.stringContaining('NoModificationAllowedError') });
    await pass(4000);
    store.error = undefined;
    await pass(2000);
    expect(page.monitor.snapshot().archive).toMatchObject({ state: 'writing', message: null, lostRecords: 0 });
    const stopped = page.monitor.unwatch('local');
    await pass(2000);
    await stopped;
    expect(await archived(page)).toBe(page.monitor.records('local'));
  });

  test('is full: it is said, and the live view goes on', async () => {
    const { open, pass, store } = browser();
    const page = await open();
    await pass(1000);
    store.quota = store.bytes;
    await pass(1000);
    expect(page.monitor.snapshot().archive).toMatchObject({ state: 'full', message: expect.stringContaining('full') });
    const before = counts(page)?.complete ?? 0;
    await pass(3000);
    expect(counts(page)?.complete).toBeGreaterThan(before);
  });

  test('is absent: it is said, and the live view goes on', async () => {
    const world = browser();
    const known = environmentOf(environment);
    const monitor = new Monitor([known], world.platform);
    const archive = new Archive({ store: undefined, locks: new MemoryLocks().page(), random: () => 0, budgetBytes: async () => 0 });
    const feed = new ArchiveFeed(monitor, lineTo(archive));
    monitor.watch(known, await feed.earlier(known));
    await world.pass(900);
    expect(monitor.snapshot().archive).toMatchObject({ storage: 'none', state: 'absent', message: expect.stringContaining('no storage') });
    await world.pass(3000);
    expect(monitor.counts().environments['local']?.counts.complete).toBeGreaterThan(0);
  });

  test('does not answer at the start: after a second a new capture begins, and it is said', async () => {
    const world = browser();
    world.store.hangs = true;
    const page = await world.open();
    expect(page.monitor.isWatched('local')).toBe(true);
    expect(page.monitor.snapshot().archive?.message).toMatch(/no answer|did not answer/);
  });
});

describe('a breach', () => {
  test('keeps the five minutes before it and after it by itself, with its reason', async () => {
    const { open, pass, target } = browser();
    const page = await open();
    for (let n = 0; n < 20; n += 1) {
      await pass(1000);
      page.monitor.snapshot();
    }
    expect((await page.archive.ask('list', {})).captures[0]?.pinned).toEqual([]);
    target.answer = () => 'STE';
    let snapshot = page.monitor.snapshot();
    for (let n = 0; n < 30 && snapshot.environments[0]?.state !== 'breached'; n += 1) {
      await pass(1000);
      snapshot = page.monitor.snapshot();
    }
    const [breached] = snapshot.environments;
    expect(breached?.state).toBe('breached');
    await pass(500);
    expect((await page.archive.ask('list', {})).captures[0]?.pinned).toEqual([breached?.sentence]);
  });
});
