import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import { mappingSchema } from '#environment/mapping-schema.ts';
import { makeReport, type Report } from '#monitor/report.ts';
import { Replay } from '#monitor/replay.ts';
import { startCheck, type CheckResult } from '#monitor/check.ts';
import { Watch } from '#monitor/watch.ts';
import { captureLine } from '#record/capture-writer.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { draw, fold } from '../../fixtures/drawing.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';
import { mappedFormats, type MappedFormat, type ToldEvent } from '../../fixtures/mapped-formats.ts';

// A run is judged when it was listened to for a while after its end.
const rest = ' '.repeat(15);
const drawings = {
  healthy: `u0: >STERC${rest}|\nu1: >STERERC`,
  'a lost tool_completed': `u0: >STEC${rest}|\nu1: >STERC`,
  'silence after thinking': `u0: >ST${' '.repeat(120)}|`,
  'a failure': `u0: >STX${rest}|`,
  'a run after another': `u0: >STERC  >STERC${rest}|`,
};

/** The events of a drawing as any format could tell them. */
function told(drawing: string): RunwatchRecord[] {
  return draw(drawing, { fields: ({ user, run, nth }) => ({ runId: run, userId: user, seq: nth }) }).map((record) => {
    if (record.record !== 'frame') return record;
    const event = record.data as unknown as ToldEvent;
    const call = event.type.startsWith('tool_') ? { tool: 'search', toolCallId: 'c1' } : {};
    return { ...record, data: { ...event, ...call, sentAt: record.at - 20 } };
  });
}

function leaked(): RunwatchRecord[] {
  const records = told(drawings.healthy);
  const at = records.findIndex((record) => record.record === 'frame' && record.connection === 'local#1');
  const frame = records[at];
  if (frame?.record !== 'frame') throw new Error('no frame');
  return records.toSpliced(at + 1, 0, { ...frame, connection: 'local#0' });
}

/** The same in a format that is described by the header alone. */
const mapped = (records: readonly RunwatchRecord[], { mapping, write }: MappedFormat): RunwatchRecord[] =>
  records.map((record) => {
    if (record.record === 'header') return { ...record, environment: { ...record.environment, dialect: mappingSchema.parse(mapping) } };
    return record.record === 'frame' ? { ...record, data: write(record.data as unknown as ToldEvent) } : record;
  });

const without = (records: readonly RunwatchRecord[], fields: readonly string[]): RunwatchRecord[] =>
  records.map((record) => {
    if (record.record !== 'frame') return record;
    const kept = Object.entries(record.data as Record<string, JsonValue>).filter(([name]) => !fields.includes(name));
    return { ...record, data: Object.fromEntries(kept) };
  });

function replayed(records: readonly RunwatchRecord[]): Report | string {
  const replay = new Replay();
  replay.push(records.map(captureLine).join(''));
  const finished = replay.finish();
  return finished.ok ? finished.value.report : finished.error.message;
}

describe.each(mappedFormats)('$name', (format) => {
  test.each(Object.entries(drawings))('is judged as the canonical dialect is: %s', (_, drawing) => {
    const records = told(drawing);
    const report = makeReport(fold(mapped(records, format)));
    expect(report).toEqual(makeReport(fold(without(records, format.lacks))));
    expect(report.frames.rejected).toBe(0);
    expect(replayed(mapped(records, format))).toEqual(makeReport(fold(mapped(records, format), 0)));
  });

  test('shows cross-talk', () => {
    const report = makeReport(fold(mapped(leaked(), format)));
    expect(report.verdict).toBe('fail');
    expect(report.crossTalk).toMatchObject([{ connection: 'local#0', type: 'agent_started' }]);
  });
});

test('a lost event is found through a mapping', () => {
  const [format] = mappedFormats;
  if (format === undefined) throw new Error('no format');
  expect(makeReport(fold(mapped(told(drawings['a lost tool_completed']), format)))).toMatchObject({ verdict: 'fail', counts: { complete: 1, incomplete: 1 } });
  expect(makeReport(fold(mapped(told(drawings.healthy), format)))).toMatchObject({ counts: { complete: 2, incomplete: 0 } });
});

describe('the header of a capture', () => {
  const records = told(drawings.healthy);
  const withDialect = (dialect: unknown): RunwatchRecord[] =>
    records.map((record) => (record.record === 'header' ? { ...record, environment: { ...record.environment, dialect: dialect as string } } : record));

  test.each<[unknown, RegExp]>([
    [{ typ: 'x' }, /^Line 1: the header's mapping is not valid: typ: found a field that is not known here, expected no such field/],
    [{ type: 5 }, /type: found 5, expected a value of type string or a value of type array/],
    [{ runId: 'a..b' }, /runId: found "a\.\.b", expected a dotted path/],
    [{ names: { a: 1 } }, /names\.a: found 1, expected a value of type string/],
    [[], /expected an object whose "dialect" is a name or a mapping in "environment"/],
    [7, /expected an object whose "dialect" is a name or a mapping in "environment"/],
    ['klingon', /names the dialect "klingon"/],
  ])('with the dialect %j is refused, with the reason', (dialect, reason) => {
    expect(replayed(withDialect(dialect))).toMatch(reason);
  });

  test('without one is canonical, as ever', () => {
    expect(replayed(withDialect(undefined))).toEqual(makeReport(fold(records, 0)));
  });
});

describe('a watch', () => {
  const dialect = { type: 'type', runId: 'runId', userId: 'userId', seq: 'seq', sentAt: 'sentAt', welcome: 'connection_established', clock: { ask: { type: 'ping' }, answer: 'pong', at: 'serverTime' } };
  const probe = { message: { type: 'user_message', runId: '{run}', threadId: '{thread}' }, everyMs: 5000 };
  const contract = { settleMs: 100, eventTimeoutMs: 1000, firstEventTimeoutMs: 1000 };

  test('goes by a mapping, and writes it into its capture: the replay says the same', async () => {
    const live = liveWorld();
    const records: RunwatchRecord[] = [];
    const environment = environmentOf({ dialect, probe, contract });
    const check = startCheck({ environment, connections: 2, runs: 4, requireProof: false, lingerMs: 500, record: (record) => records.push(record) }, live.platform);
    let result: CheckResult | undefined;
    void check.result.then((value) => (result = value));
    await live.clock.advance(30_000);
    expect(result?.report).toMatchObject({ verdict: 'pass', counts: { complete: 4 }, latency: { count: 20 } });
    expect(records[0]).toMatchObject({ record: 'header', environment: { dialect: { ...dialect, names: {}, rules: [] } } });
    expect(replayed(records)).toEqual(JSON.parse(JSON.stringify(result?.report)));
    expect(live.target.sockets[0]?.received.some((message) => message['type'] === 'ping')).toBe(true);
  });

  test('books the shapes of frames and the types that nobody named', async () => {
    const live = liveWorld();
    const watch = new Watch({ environment: environmentOf({ dialect, probe, contract, concurrentConnections: 1 }) }, live.platform);
    watch.start();
    await live.clock.advance(3000);
    live.target.sockets[0]?.deliver({ type: 'brand_new' });
    live.target.sockets[0]?.deliver({ nothing: 1 });
    await live.clock.advance(10);
    const shapes = watch.recording.shapes.rows();
    expect(shapes.map(({ name }) => name)).toEqual(['control', 'name not listed']);
    expect(shapes.reduce((sum, { count }) => sum + count, 0)).toBe(watch.recording.engine.frames.received - 1);
    expect(watch.recording.unknownTypes.rows()).toMatchObject([{ name: 'brand_new', count: 1 }]);
    expect(watch.recording.rejected).toMatchObject([{ reason: 'no-type', raw: '{"nothing":1}', why: 'type: expected a text, found nothing: the message has nothing' }]);
    await Promise.all([watch.stop('operator'), live.clock.advance(1000)]);
  });
});
