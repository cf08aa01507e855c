import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import { captureLine, redactLine, recordLine } from '#record/capture-writer.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { start } from '../../fixtures/drawing.ts';
import { append, begun, beginning, browser, frameLine, headerLine, linesOf, openLine, textOf } from './archive-world.ts';

const at = (after: number) => epochMs(start + after);
const status = async (page: ReturnType<ReturnType<typeof browser>['page']>) => (await page.archive.ask('list', {})).status;
const list = async (page: ReturnType<ReturnType<typeof browser>['page']>) => (await page.archive.ask('list', {})).captures;
const earlierAsk = { environmentId: 'local', terms: 'terms', since: at(0), now: at(1e9) };

function recordsOf(text: string): RunwatchRecord[] {
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  expect(reader.push(text)).toEqual({ ok: true, value: undefined });
  return records;
}

describe('what is written', () => {
  test('is read again whatever the portions, without a secret of it', async () => {
    const secret = fc.constantFrom('"token":"abcdef0123456789"', '"t":"Bearer abcdef0123456789"', '"\\u0074oken":"abcdef0123456789"', '"text":"é𝄞 plain"', '"text":"line\\nfeed"');
    const portions = fc.array(fc.array(secret, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(portions, fc.integer({ min: 200, max: 2000 }), async (lists, segmentBytes) => {
        const world = browser({ segmentBytes });
        const { archive } = world.page();
        const capture = await begun(archive);
        let after = 0;
        const written = lists.map((fields) => fields.map((field) => `{"record":"frame","at":${start + (after += 1)},"connection":"local#0","data":{${field}}}\n`).join(''));
        for (const text of written) expect(await append(archive, capture, text)).toMatchObject({ stored: true });
        const lines = written.join('').split(/(?<=\n)/);
        const text = await textOf(archive, capture);
        expect(text).toBe([headerLine(), ...lines].map(redactLine).join(''));
        expect(world.store.written).not.toContain('abcdef0123456789');
        expect((await archive.ask('list', {})).captures[0]).toMatchObject({ records: lines.length, from: at(0), to: at(after) });
      }),
      { numRuns: 60 },
    );
  });

  test('ends with its end, whatever is noted afterwards', async () => {
    const { archive } = browser().page();
    const capture = await begun(archive);
    const end: RunwatchRecord = { record: 'end', at: at(20) };
    const note: RunwatchRecord = { record: 'note', at: at(20), text: 'seen' };
    await append(archive, capture, frameLine(10) + recordLine(end));
    await append(archive, capture, recordLine(note));
    expect(await textOf(archive, capture)).toBe(headerLine() + frameLine(10) + captureLine(note) + captureLine(end));
  });

  test('lies in files of a bounded size, each begun in the description before it is written', async () => {
    const world = browser({ segmentBytes: 300 });
    const { archive } = world.page();
    const capture = await begun(archive);
    for (let n = 0; n < 20; n += 1) await append(archive, capture, frameLine(n));
    const segments = Array.from(world.store.files).filter(([name]) => name.endsWith('.jsonl'));
    expect(segments.length).toBeGreaterThan(5);
    expect(Math.max(...segments.map(([, { length }]) => length))).toBeLessThanOrEqual(300);
  });
});

describe('a budget', () => {
  const kib = 1024;
  /** So many lines of about 10 KiB that `count` of them are far more than 1 MiB. */
  const big = 'y'.repeat(10 * kib);
  async function filled(count: number, prepare: (archive: ReturnType<ReturnType<typeof browser>['page']>['archive'], capture: string) => Promise<void> = async () => undefined) {
    const world = browser({ budget: kib * kib, segmentBytes: 64 * kib });
    const page = world.page();
    const capture = await begun(page.archive);
    await append(page.archive, capture, openLine(0, 'u0') + openLine(0, 'u1', 'local#1'));
    await prepare(page.archive, capture);
    let last;
    for (let n = 1; n <= count; n += 1) last = await append(page.archive, capture, frameLine(n * 1000, big));
    return { world, page, capture, last };
  }

  test('is held by evicting the oldest, which is counted; the users stay known', async () => {
    const { world, page, capture, last } = await filled(300);
    expect(last).toMatchObject({ stored: true, status: { state: 'writing' } });
    expect(world.store.bytes).toBeLessThanOrEqual(kib * kib + 20 * kib);
    const [stored] = await list(page);
    expect(stored?.evicted).toBeGreaterThan(100);
    expect((stored?.records ?? 0) + (stored?.evicted ?? 0)).toBe(302);
    expect((await status(page)).evicted).toBe(stored?.evicted);
    const text = await textOf(page.archive, capture);
    expect(text.startsWith(headerLine() + openLine(0, 'u0') + openLine(0, 'u1', 'local#1'))).toBe(true);
    expect(recordsOf(text).at(-1)).toMatchObject({ at: at(300_000) });
  });

  test('negative control: below it nothing is evicted', async () => {
    const { page } = await filled(50);
    expect((await list(page))[0]).toMatchObject({ evicted: 0, records: 52 });
  });

  test('leaves what is pinned to the last, and the hole beside it is a blind interval', async () => {
    const { page, capture } = await filled(300, async (archive, id) => {
      await archive.ask('pin', { capture: id, from: at(10_000), to: at(20_000), because: 'breached' });
    });
    const text = await textOf(page.archive, capture);
    const records = recordsOf(text);
    const frames = records.flatMap((record) => (record.record === 'frame' ? [(record.at - start) / 1000] : []));
    for (let n = 10; n <= 20; n += 1) expect(frames).toContain(n);
    expect(frames).not.toContain(40);
    const blinds = records.flatMap((record) => (record.record === 'blind' ? [record] : []));
    expect(blinds).toHaveLength(1);
    expect(blinds[0]?.from).toBeLessThan(at(40_000));
    expect(blinds[0]?.at).toBeGreaterThan(at(40_000));
    expect((await list(page))[0]?.pinned).toEqual(['breached']);
  });

  test('that is all kept says that it is full, stores nothing, and goes on when something is let go of', async () => {
    const { page, capture, last } = await filled(300, async (archive, id) => {
      await archive.ask('keep', { capture: id, kept: true });
    });
    expect(last).toMatchObject({ stored: false, status: { state: 'full' } });
    expect((await list(page))[0]).toMatchObject({ evicted: 0, kept: true });
    await page.archive.ask('keep', { capture, kept: false });
    expect(await append(page.archive, capture, frameLine(400_000, big), 200)).toMatchObject({ stored: true, status: { state: 'writing' } });
    expect((await list(page))[0]).toMatchObject({ lost: 200 });
  });

  test('takes the oldest of all captures, but nothing of what another page writes', async () => {
    const world = browser({ budget: 600 * kib, segmentBytes: 64 * kib });
    const other = world.page();
    const theirs = await begun(other.archive, start - 2000);
    await append(other.archive, theirs, frameLine(1, big));
    const gone = world.page();
    const left = await begun(gone.archive, start - 1000);
    for (let n = 2; n < 20; n += 1) await append(gone.archive, left, frameLine(n, big));
    gone.crash();
    const page = world.page();
    const capture = await begun(page.archive);
    for (let n = 100; n < 200; n += 1) expect(await append(page.archive, capture, frameLine(n, big))).toMatchObject({ stored: true });
    expect((await list(page)).map(({ id, writer }) => [id, writer])).toEqual([[capture, 'here'], [theirs, 'elsewhere']]);
    expect(await textOf(other.archive, theirs)).toContain(big);
  });
});

describe('a storage that fails', () => {
  test('refuses, says so, and takes the same again when it can', async () => {
    const world = browser();
    const { archive } = world.page();
    const capture = await begun(archive);
    await append(archive, capture, frameLine(1));
    world.store.error = new DOMException('broken', 'InvalidStateError');
    expect(await append(archive, capture, frameLine(2))).toMatchObject({ stored: false, status: { state: 'refused', error: 'InvalidStateError' } });
    world.store.error = undefined;
    expect(await append(archive, capture, frameLine(2))).toMatchObject({ stored: true, status: { state: 'writing', error: null } });
    expect(await textOf(archive, capture)).toBe(headerLine() + frameLine(1) + frameLine(2));
  });

  test('has less room than the browser said: the oldest makes room for what fits', async () => {
    const world = browser({ budget: 1e9, segmentBytes: 65_536 });
    world.store.quota = 400_000;
    const { archive } = world.page();
    const capture = await begun(archive);
    let stored = 0;
    for (let n = 0; n < 200; n += 1) stored += Number((await append(archive, capture, frameLine(n, 'z'.repeat(5000)))).stored);
    // Each time that the room is found to be smaller, one portion is refused and handed over again by whoever has it.
    expect(stored).toBeGreaterThan(190);
    expect(await textOf(archive, capture)).toContain(`"at":${start + 199}`);
  });

  test('that is absent is told apart, and nothing is listed', async () => {
    const { Archive } = await import('#archive/archive.ts');
    const { MemoryLocks } = await import('../../fixtures/memory-store.ts');
    const archive = new Archive({ store: undefined, locks: new MemoryLocks().page(), random: () => 0, budgetBytes: async () => 0 });
    expect(await archive.ask('begin', beginning())).toMatchObject({ capture: undefined, status: { storage: 'none', state: 'absent' } });
    expect(await archive.ask('earlier', earlierAsk)).toBeUndefined();
    expect((await archive.ask('list', {})).captures).toEqual([]);
    await expect(archive.ask('remove', { capture: 'x' })).rejects.toThrow('no storage');
  });
});

describe('a page that comes back', () => {
  const text = (pieces: readonly Uint8Array[]): string => pieces.map((piece) => new TextDecoder().decode(piece)).join('');

  test('goes on with the capture that a crash left, all but a torn line, which is counted once', async () => {
    const world = browser();
    const first = world.page();
    const capture = await begun(first.archive);
    await append(first.archive, capture, openLine(0, 'u0') + frameLine(1));
    await append(first.archive, capture, frameLine(2));
    first.crash();
    const segment = `${capture}.000001.jsonl`;
    const torn = new TextEncoder().encode(`${world.store.text(segment)}{"record":"frame","at":17`);
    world.store.files.set(segment, torn);

    const second = world.page();
    const earlier = await second.archive.ask('earlier', earlierAsk);
    expect(earlier?.capture).toBe(capture);
    expect(text(earlier?.pieces ?? [])).toBe(headerLine() + openLine(0, 'u0') + frameLine(1) + frameLine(2));
    await second.archive.ask('gap', { capture, from: at(2), to: at(50) });
    await append(second.archive, capture, frameLine(60));
    expect(await textOf(second.archive, capture)).toBe(headerLine() + openLine(0, 'u0') + frameLine(1) + frameLine(2) + frameLine(60));
    expect(await list(second)).toMatchObject([{ id: capture, records: 4, tornLines: 1, gaps: [{ from: at(2), to: at(50) }], writer: 'here', ended: false }]);
    second.crash();
    expect(await list(world.page())).toMatchObject([{ records: 4, tornLines: 1 }]);
  });

  test('reads the newest 64 MiB again, after the users that it does not read of', async () => {
    const world = browser({ segmentBytes: 8 * 1024 * 1024 });
    const first = world.page();
    const capture = await begun(first.archive);
    await append(first.archive, capture, openLine(0, 'u7'));
    const mebi = 'm'.repeat(1024 * 1024);
    for (let n = 1; n <= 80; n += 1) await append(first.archive, capture, frameLine(n, mebi));
    first.crash();
    const { archive } = world.page();
    const { bytes = 0, pieces = [] } = (await archive.ask('earlier', earlierAsk)) ?? {};
    expect(bytes).toBeLessThan(65 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(50 * 1024 * 1024);
    expect(text(pieces.slice(0, 2))).toBe(headerLine() + openLine(0, 'u7'));
  });

  test.for([
    ['it was ended', { write: recordLine({ record: 'end', at: at(3) }) }],
    ['it is of other terms', { ask: { terms: 'others' } }],
    ['it is of another environment', { ask: { environmentId: 'staging' } }],
    ['it is too old', { ask: { since: at(100) } }],
    ['it is of a time to come', { ask: { now: at(-1) } }],
    ['another page writes it', { alive: true }],
  ] as const)('begins anew where %s', async ([, { write = '', ask = {}, alive = false }]: readonly [string, { write?: string; ask?: object; alive?: boolean }]) => {
    const world = browser();
    const first = world.page();
    const capture = await begun(first.archive);
    await append(first.archive, capture, frameLine(1) + write);
    if (!alive) first.crash();
    expect(await world.page().archive.ask('earlier', { ...earlierAsk, ...ask })).toBeUndefined();
  });

  test('finds the older description where a crash tore the newer', async () => {
    const world = browser();
    const first = world.page();
    const capture = await begun(first.archive);
    await append(first.archive, capture, frameLine(1));
    await first.archive.ask('rename', { capture, name: 'Torn' });
    first.crash();
    const newest = Array.from(world.store.files.keys()).find((name) => world.store.text(name).includes('Torn'));
    world.store.files.set(newest ?? '', new TextEncoder().encode(world.store.text(newest ?? '').slice(0, 100)));
    expect(await list(world.page())).toMatchObject([{ id: capture, name: null, records: 1 }]);
  });
});

describe('whoever looks after captures', () => {
  test('names, keeps, lets go, and deletes one that nobody writes', async () => {
    const world = browser();
    const page = world.page();
    const capture = await begun(page.archive);
    await append(page.archive, capture, linesOf([{ record: 'note', at: at(1), text: 'a' }]));
    await page.archive.ask('rename', { capture, name: 'Friday' });
    await page.archive.ask('pin', { capture, from: at(0), to: at(2), because: 'breached' });
    expect(await list(page)).toMatchObject([{ name: 'Friday', pinned: ['breached'] }]);
    await page.archive.ask('unpin', { capture });
    expect(await list(page)).toMatchObject([{ pinned: [] }]);
    await expect(page.archive.ask('remove', { capture })).rejects.toThrow('being written');
    await append(page.archive, capture, recordLine({ record: 'end', at: at(2) }));
    await page.archive.ask('remove', { capture });
    expect(await list(page)).toEqual([]);
    expect(world.store.files.size).toBe(0);
    await expect(page.archive.ask('read', { capture })).rejects.toThrow('not there any more');
  });

  test('changes nothing of what another page writes', async () => {
    const world = browser();
    const other = world.page();
    const capture = await begun(other.archive);
    await expect(world.page().archive.ask('rename', { capture, name: 'Mine' })).rejects.toThrow('Another tab');
    await other.archive.ask('close', { capture });
    await world.page().archive.ask('rename', { capture, name: 'Mine' });
    expect(await list(world.page())).toMatchObject([{ name: 'Mine' }]);
  });
});
