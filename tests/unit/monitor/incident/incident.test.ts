import { describe, expect, test } from 'vitest';
import { seededRandom } from '#base/random.ts';
import { durationMs, epochMs } from '#base/units.ts';
import { incidentBookOf } from '#monitor/incident/incident-book.ts';
import type { Incident, IncidentReport } from '#monitor/incident/incident-report.ts';
import { incidentReport } from '#monitor/incident/incident.ts';
import { Recording } from '#monitor/recording.ts';
import { canonical } from '#protocol/canonical.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { draw, frame, start, type DrawingOptions } from '../../../fixtures/drawing.ts';
import { environmentOf } from '../../../fixtures/live-world.ts';

const contract = { settleMs: 200, firstEventTimeoutMs: 1000, eventTimeoutMs: 1000 };

interface Scene extends DrawingOptions {
  /** Further records, which are put in by their time. */
  readonly more?: readonly RunwatchRecord[];
}

/** A recording of these records, up to so long after the start. */
function recordingOf(records: readonly RunwatchRecord[], { contract: terms, slo, untilMs }: DrawingOptions & { readonly untilMs: number }, known?: readonly string[]): Recording {
  const [header, ...rest] = records;
  if (header?.record !== 'header') throw new Error('a drawing begins with its header');
  const environment = environmentOf({ ...(terms !== undefined && { contract: terms }), ...(slo !== undefined && { slo }) });
  const lanes = known ?? rest.flatMap((record) => (record.record === 'connection-open' && record.at === start ? [record.connection] : []));
  const recording = new Recording({ environment, dialect: canonical, header, lanes });
  for (const record of rest) recording.apply(record);
  recording.advance(epochMs(start + untilMs));
  return recording;
}

/** What is told of a drawing a moment after its end, by somebody who looked on from the beginning. */
function seen(drawing: string, { more = [], ...options }: Scene = {}): { readonly recording: Recording; readonly report: IncidentReport } {
  return folded([...draw(drawing, { contract, ...options }), ...more], options);
}

function folded(unsorted: readonly RunwatchRecord[], options: DrawingOptions = {}, lanes?: readonly string[]): { readonly recording: Recording; readonly report: IncidentReport } {
  const records = unsorted.toSorted((a, b) => a.at - b.at);
  const opens = records.filter((record) => record.record === 'connection-open' && record.at === start);
  const recording = recordingOf([...records.slice(0, 1), ...opens], { contract, ...options, untilMs: 0 }, lanes);
  incidentBookOf(recording);
  for (const record of records.slice(1)) if (!opens.includes(record)) recording.apply(record);
  recording.advance(epochMs((records.at(-1)?.at ?? start) + 2000));
  return { recording, report: incidentReport(recording, {}) };
}

const incidentsOf = (drawing: string, scene?: Scene): readonly Incident[] => seen(drawing, scene).report.incidents;
const kindsOf = (drawing: string, scene?: Scene): readonly string[] => incidentsOf(drawing, scene).map(({ kind }) => kind);

const good = '>STERC...';
const lossy = '>STE.C...';
const failed = '>STX.....';
const columns = good.length;
/** Milliseconds from the start to the column of a mark in the n-th run of a line. */
const inRun = (n: number, mark: number): number => (n * columns + mark + 1) * 100;

describe('a target in good health', () => {
  const healthy = `u0: ${good.repeat(30)}\nu1: ${good.repeat(30)}\nu2: ${good.repeat(30)}`;

  test('has no incident at any time, and its newest good run is told', () => {
    const records = draw(healthy, { contract });
    for (let untilMs = 1000; untilMs < 30 * columns * 100; untilMs += 1700) {
      const recording = recordingOf(records.filter(({ at }) => at <= start + untilMs), { contract, untilMs });
      expect(incidentReport(recording, {}).incidents).toEqual([]);
    }
    const { report } = seen(healthy);
    expect(report).toMatchObject({ incidents: [], anomalies: [], lastGood: { run: 'u2-30', connection: 'local#2' } });
    expect(report.lanes.map(({ bad, judged, lossy: lossyRuns }) => ({ bad, judged, lossyRuns }))).toEqual(Array.from({ length: 3 }, () => ({ bad: false, judged: 30, lossyRuns: 0 })));
    expect(report.strip.reduce((sum, { runs }) => sum + runs, 0)).toBe(90);
  });

  test('has none for a single loss in a thousand runs that keep the promise', () => {
    expect(kindsOf(`u0: ${good.repeat(500)}${lossy}${good.repeat(500)}`, { stepMs: 10, contract: { ...contract, settleMs: 10 } })).toEqual([]);
  });
});

describe('tool_completed lost for one user', () => {
  const drawing = `u0: ${good.repeat(30)}\nu1: ${good.repeat(10)}${lossy.repeat(20)}\nu2: ${good.repeat(30)}`;

  test('is told with scope, onset, stage and fault, and the last good run before it', () => {
    const { report } = seen(drawing);
    expect(report.incidents).toHaveLength(1);
    const [incident] = report.incidents;
    expect(incident).toMatchObject({ kind: 'lost', state: 'breached', scope: { kind: 'user', names: ['u1'], affected: 1, of: 3 }, stage: 'stream', fault: 'server', key: 'lost user u1', acknowledged: null });
    // tool_executing of the eleventh run was heard; what follows it was not.
    expect(incident?.onsetAt).toBe(start + inRun(10, 3));
    expect(incident?.sentence).toMatch(/^20 of 100 expected events of u1 \(#1\) did not arrive since \d\d:\d\d:\d\d: 20 of 20 runs lacked tool_completed\. The other 2 are normal\.$/);
    expect(incident?.runs).toEqual(Array.from({ length: 20 }, (_, n) => `u1-${30 - n}`));
    expect(report.lastGood).toMatchObject({ run: 'u1-10', connection: 'local#1' });
    expect(report.lanes.map(({ lane, bad }) => [lane, bad])).toEqual([[1, true], [0, false], [2, false]]);
    expect(report.lanes[0]).toMatchObject({ judged: 30, lossy: 20, lost: 20, words: ['20 of 30 runs lossy'] });
    expect(report.anomalies).toHaveLength(20);
    expect(report.anomalies[0]).toMatchObject({ connection: 'local#1', run: 'u1-11', words: 'missing tool_completed' });
    expect(report.marks.map(({ kind }) => kind)).toEqual(['onset', 'alert']);
  });

  test('is told from the first run on that lacks something, as at risk', () => {
    const [incident, ...others] = incidentsOf(`u0: ${good.repeat(4)}\nu1: ${good.repeat(3)}${lossy}\nu2: ${good.repeat(4)}`);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ kind: 'lost', state: 'at-risk', scope: { kind: 'user', names: ['u1'] } });
    expect(incident?.onsetAt).toBe(start + inRun(3, 3));
  });

  test('a loss by chance before it does not move its onset', () => {
    for (const before of [2, 4, 8]) {
      const noise = `${good.repeat(10 - before)}${lossy}${good.repeat(before)}`;
      const [incident] = incidentsOf(`u0: ${lossy}${good.repeat(30)}\nu1: ${noise}${lossy.repeat(20)}\nu2: ${good.repeat(31)}`);
      expect(incident?.onsetAt, `${before} good runs before`).toBe(start + inRun(11, 3));
      expect(incident?.scope).toMatchObject({ kind: 'user', names: ['u1'] });
    }
  });

  test('is of the connection where its user has another one that is well', () => {
    // The third connection signs in as the second one's user.
    const records = draw(drawing, { contract }).map((record) => (record.record === 'connection-open' && record.connection === 'local#2' ? { ...record, user: 'u1' } : record));
    const [incident] = folded(records).report.incidents;
    expect(incident?.scope).toMatchObject({ kind: 'connection', names: ['local#1'], affected: 1, of: 3 });
  });

  test('is over after as many good runs as outweigh it, and told of for a while after', () => {
    const after = `u0: ${good.repeat(130)}\nu1: ${good.repeat(10)}${lossy.repeat(20)}${good.repeat(100)}`;
    const { recording, report } = seen(after);
    expect(report.incidents.at(-1)).toMatchObject({ kind: 'lost', scope: { names: ['u1'] }, sentence: expect.stringMatching(/ from \d\d:\d\d:\d\d to \d\d:\d\d:\d\d: /) });
    expect(report.incidents[0]?.lastAt).toBeLessThan(start + inRun(31, 0));
    // It is what the promise was broken by, and so is told of as long as that counts.
    recording.advance(epochMs(report.at + 1_800_000));
    expect(incidentReport(recording, {}).incidents.map(({ kind, state }) => ({ kind, state }))).toEqual([{ kind: 'lost', state: 'at-risk' }]);
    recording.advance(epochMs(report.at + 3_700_000));
    expect(incidentReport(recording, {}).incidents).toEqual([]);
    expect(incidentReport(recording, { from: epochMs(start), to: epochMs(start + inRun(40, 0)) }).incidents.map(({ kind }) => kind)).toContain('lost');
  });
});

describe('scope', () => {
  test('one type lost everywhere is that type', () => {
    const line = `${good.repeat(10)}${lossy.repeat(10)}`;
    const [incident] = incidentsOf(`u0: ${line}\nu1: ${line}\nu2: ${line}`);
    expect(incident).toMatchObject({ kind: 'lost', scope: { kind: 'type', names: ['tool_completed'], affected: 1, of: 5 } });
    expect(incident?.sentence).toContain('of all 3 connections');
  });

  test('several types lost on some connections are those connections, whatever is lost by chance elsewhere', () => {
    const broken = `${good.repeat(10)}${'>ST......'.repeat(12)}`;
    const fine = `${good.repeat(4)}${lossy}${good.repeat(17)}`;
    const others = Array.from({ length: 8 }, (_, n) => `u${n + 2}: ${n === 3 ? fine : good.repeat(22)}`).join('\n');
    const [incident] = incidentsOf(`u0: ${broken}\nu1: ${broken}\n${others}`);
    expect(incident).toMatchObject({ kind: 'lost', scope: { kind: 'connection', names: ['local#0', 'local#1'], affected: 2, of: 10 }, stage: 'stream' });
  });

  test('a share of the runs of all connections is all of them', () => {
    const lines = Array.from({ length: 4 }, (_, n) => `u${n}: ${Array.from({ length: 30 }, (_each, run) => (run >= 10 && (run + n) % 3 === 0 ? '>ST......' : good)).join('')}`);
    const [incident] = incidentsOf(lines.join('\n'));
    expect(incident).toMatchObject({ kind: 'lost', scope: { kind: 'environment', affected: 4, of: 4 } });
    expect(Math.abs((incident?.onsetAt ?? 0) - (start + inRun(10, 3)))).toBeLessThan(2000);
  });
});

describe('noise', () => {
  const users = Array.from({ length: 12 }, (_, n) => `u${n}`);
  const noisy = (random: () => number, share: number, runs: number, broken: (user: number, run: number) => boolean): string =>
    users.map((user, n) => `${user}: ${Array.from({ length: runs }, (_, run) => (broken(n, run) ? '>ST......' : random() < share ? lossy : good)).join('')}`).join('\n');

  test('one run in a hundred that is lossy anywhere moves neither the onset nor the scope of three connections that break', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const drawing = noisy(seededRandom(seed), 0.01, 50, (user, run) => user % 5 === 1 && run >= 25);
      const incident = incidentsOf(drawing).find(({ kind }) => kind === 'lost');
      expect(incident?.scope, `seed ${seed}`).toEqual({ kind: 'connection', names: expect.arrayContaining(['local#1', 'local#6', 'local#11']), affected: 3, of: 12 });
      expect(Math.abs((incident?.onsetAt ?? 0) - (start + inRun(25, 2))), `seed ${seed}`).toBeLessThanOrEqual(2000);
      expect(incident).toMatchObject({ state: 'breached', stage: 'stream', fault: 'server' });
    }
  });

  test('alone never alarms, and is no incident while the promise holds', () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const { report } = seen(noisy(seededRandom(seed), 0.01, 150, () => false), { slo: { target: 0.98 } });
      expect(report.anomalies.length, `seed ${seed}`).toBeGreaterThan(0);
      expect(report.incidents, `seed ${seed}`).toEqual([]);
      expect(report.marks, `seed ${seed}`).toEqual([]);
    }
  });
});

describe('other kinds', () => {
  test('agent errors: fault agent, delivery untouched', () => {
    const [incident, ...others] = incidentsOf(`u0: ${good.repeat(10)}${failed.repeat(8)}\nu1: ${good.repeat(18)}`);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ kind: 'agent-errors', scope: { kind: 'user', names: ['u0'] }, stage: 'agent', fault: 'agent', onsetAt: start + inRun(10, 3) });
    expect(incident?.sentence).toMatch(/^8 of 8 runs of u0 \(#0\) ended in an agent's error since .*Delivery is untouched\. The other connection is normal\.$/);
    expect(kindsOf(`u0: ${good.repeat(10)}${failed}${good.repeat(10)}\nu1: ${good.repeat(18)}`)).toEqual([]);
  });

  test('duplicates, also those that come after a run was judged, and disorder: delivery is whole', () => {
    const identified: DrawingOptions['fields'] = ({ run, nth }) => ({ runId: run, eventId: `${run}-${nth}` });
    const again = (columnsLater: number): RunwatchRecord[] => Array.from({ length: 6 }, (_, n) => frame(n * columns + 5 + columnsLater, 'local#0', { type: 'agent_thinking', runId: `u0-${n + 1}`, eventId: `u0-${n + 1}-${n * 5 + 2}` }));
    const drawing = `u0: ${good.repeat(12)}\nu1: ${good.repeat(12)}`;
    for (const columnsLater of [0, 6]) {
      const [incident, ...others] = incidentsOf(drawing, { fields: identified, more: again(columnsLater) });
      expect(others).toEqual([]);
      expect(incident).toMatchObject({ kind: 'duplicate', state: 'unproven', scope: { kind: 'user', names: ['u0'] }, stage: 'stream', fault: 'server', sentence: expect.stringMatching(/^6 of \d+ runs of u0 \(#0\) brought an event more than once since .*\. Nothing was lost\.$/) });
    }
    const [swapped] = incidentsOf(`u0: ${'>STREC...'.repeat(8)}\nu1: ${good.repeat(8)}`);
    expect(swapped).toMatchObject({ kind: 'out-of-order', scope: { kind: 'user', names: ['u0'] }, onsetAt: start + 200, sentence: expect.stringMatching(/^8 of 8 runs of u0 \(#0\) came out of order/) });
  });

  test('dumped runs are complete, and flagged', () => {
    const timed = (heldBack: boolean): DrawingOptions['fields'] => {
      const sent = new Map<string, number>();
      return ({ run, nth }) => {
        const n = (sent.get(run) ?? 0) + 1;
        sent.set(run, n);
        return { runId: run, eventId: `${run}-${nth}`, sentAt: start + (nth - n) * 1000 + (heldBack ? n * 1000 : n) };
      };
    };
    const drawing = `u0: ${good.repeat(8)}\nu1: ${good.repeat(8)}`;
    const [incident, ...others] = incidentsOf(drawing, { fields: timed(true) ?? (() => ({})) });
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ kind: 'dumped', state: 'unproven', scope: { kind: 'environment', affected: 2, of: 2 }, stage: 'stream', onsetAt: start + 200 });
    expect(incident?.sentence).toContain('came all at once at the end');
    expect(kindsOf(drawing, { fields: timed(false) ?? (() => ({})) })).toEqual([]);
  });

  const sample = (connection: string): RunwatchRecord => ({ record: 'clock-sample', at: epochMs(start + 1), connection, sentAt: epochMs(start - 1), serverAt: epochMs(start), receivedAt: epochMs(start + 1) });

  test('late events: from the first one beyond the objective on; without an objective nothing is late', () => {
    let events = 0;
    const fields: DrawingOptions['fields'] = ({ run }) => {
      events += 1;
      return { runId: run, eventId: `e${events}`, seq: events };
    };
    const records = draw(`u0: ${good.repeat(20)}`, { contract, fields }).map((record) => {
      if (record.record !== 'frame') return record;
      const isLate = record.at >= start + inRun(10, 0);
      return { ...record, data: { ...(record.data as object), sentAt: record.at - (isLate ? 3000 : 5) } } as RunwatchRecord;
    });
    const reportOf = (latencyMs?: number): IncidentReport => folded([...records, sample('local#0')], { slo: latencyMs === undefined ? {} : { latencyMs } }).report;
    const [incident, ...others] = reportOf(500).incidents;
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ kind: 'late', scope: { kind: 'environment' }, stage: 'stream', fault: 'server', onsetAt: start + inRun(10, 1) });
    expect(incident?.sentence).toMatch(/^The latency objective is missed: 50 of 50 events of #0 took longer than 0\.5 s since .*, 3\.0 s on average\. Runs are complete\.$/);
    expect(reportOf(4000).incidents).toEqual([]);
    expect(reportOf().incidents).toEqual([]);
  });

  test('a leak is told at once, with whom it was shown to', () => {
    const leak = frame(25, 'local#0', { type: 'agent_thinking', runId: 'u1-1' });
    const { report } = seen(`u0: ${good.repeat(5)}\nu1: ${good.repeat(5)}`, { more: [leak] });
    expect(report.incidents).toHaveLength(1);
    expect(report.incidents[0]).toMatchObject({ kind: 'leak', state: 'breached', scope: { kind: 'connection', names: ['local#0'], affected: 1, of: 2 }, onsetAt: leak.at, stage: 'stream', fault: 'server' });
    expect(report.incidents[0]?.sentence).toBe("u1's agent_thinking was shown on #0, which is signed in as u0. One event is an alarm; no budget covers it.");
    expect(kindsOf(`u0: ${good.repeat(5)}\nu1: ${good.repeat(5)}`)).toEqual([]);
  });
});

describe('connections', () => {
  const lost = (column: number, connection: string, cause: 'network' | 'auth' | 'server' = 'network'): RunwatchRecord => ({ record: 'connection-close', at: epochMs(start + column * 100), connection, cause, ...(cause === 'auth' && { code: 1008 }) });
  const back = (column: number, connection: string): RunwatchRecord => ({ record: 'connection-open', at: epochMs(start + column * 100), connection, transport: 'websocket', recovered: false });
  const lines = (marks: string): string => ['u0', 'u1', 'u2'].map((user) => `${user}: ${marks}`).join('\n');
  const all = ['local#0', 'local#1', 'local#2'];

  test('all of them lost are down since the first, and restarted once they are back; what broke is theirs', () => {
    const cut = `${good.repeat(5)}>ST......`;
    const away = seen(lines(cut), { more: all.map((id, n) => lost(50 + n, id)) }).report;
    expect(away.incidents).toHaveLength(1);
    expect(away.incidents[0]).toMatchObject({ kind: 'down', scope: { kind: 'environment', affected: 3, of: 3 }, onsetAt: start + 5000, stage: 'connection', fault: 'server' });
    const again = seen(lines(`${cut}${'.'.repeat(18)}${good.repeat(5)}`), { more: all.flatMap((id, n) => [lost(50 + n, id), back(70 + n, id)]) }).report;
    expect(again.incidents).toHaveLength(1);
    expect(again.incidents[0]).toMatchObject({ kind: 'restarted', scope: { kind: 'environment' }, onsetAt: start + 5000, fault: 'server', runs: ['u2-6', 'u1-6', 'u0-6'] });
    expect(again.incidents[0]?.sentence).toMatch(/^All 3 connections were lost at \d\d:\d\d:\d\d and came back\. 3 runs broke\.$/);
  });

  test('one that comes back at once with nothing broken is no incident, and moves no onset', () => {
    const flap = [lost(20, 'local#1'), back(21, 'local#1')];
    expect(kindsOf(lines(good.repeat(12)), { more: flap })).toEqual([]);
    const [incident] = incidentsOf(lines(good.repeat(40)), { more: [...flap, ...all.map((id) => lost(190, id))] });
    expect(incident).toMatchObject({ kind: 'down', onsetAt: start + 19_000 });
  });

  test('lost while this machine was offline, they are the monitor\'s', () => {
    const cut = `${good.repeat(5)}>ST......${'.'.repeat(18)}${good.repeat(5)}`;
    const offline: RunwatchRecord = { record: 'blind', at: epochMs(start + 5600), from: epochMs(start + 4900), cause: 'offline' };
    const [incident] = incidentsOf(lines(cut), { more: [...all.flatMap((id, n) => [lost(50 + n, id), back(70 + n, id)]), offline] });
    expect(incident).toMatchObject({ kind: 'restarted', fault: 'monitor', stage: 'connection' });
  });

  test('that never came to be are told since the first try, with the stage that stops them', () => {
    const failed = (column: number, connection: string, stage: 'login' | 'connection'): RunwatchRecord => ({ record: 'stage', at: epochMs(start + column * 100), connection, stage, outcome: 'failed', durationMs: durationMs(5) });
    const records = draw(lines('.'.repeat(60)), { contract }).map((record): RunwatchRecord => (record.record === 'connection-open' ? { record: 'note', at: record.at, text: 'nothing opens' } : record));
    const tries = (cause: 'network' | 'auth'): RunwatchRecord[] => all.flatMap((id) => [3, 23].flatMap((column) => [failed(column, id, 'login'), lost(column, id, cause)]));
    const down = folded([...records, ...tries('network')], {}, all).report.incidents;
    expect(down).toHaveLength(1);
    expect(down[0]).toMatchObject({ kind: 'down', state: 'no-data', scope: { kind: 'environment', affected: 3, of: 3 }, onsetAt: start + 300, stage: 'login', sentence: expect.stringMatching(/^All 3 connections could not be connected since /) });
    expect(folded([...records, ...tries('auth')], {}, all).report.incidents[0]).toMatchObject({ kind: 'auth', stage: 'login', fault: 'auth', sentence: expect.stringMatching(/^All 3 connections could not be let in since /) });
  });

  test('lost again and again, the same one is trouble from the first time on', () => {
    const flaps = [20, 60, 100, 140].flatMap((column) => [lost(column, 'local#1'), back(column + 3, 'local#1')]);
    const [incident] = incidentsOf(lines(good.repeat(20)), { more: flaps });
    expect(incident).toMatchObject({ kind: 'restarted', scope: { kind: 'connection', names: ['local#1'] }, onsetAt: start + 2000, fault: 'network' });
    expect(kindsOf(lines(good.repeat(20)), { more: flaps.slice(0, 2) })).toEqual([]);
  });

  test('a sign-in that ran out is told since the close, with the runs that it cut', () => {
    const [incident, ...others] = incidentsOf(`u0: ${good.repeat(6)}\nu1: ${good.repeat(5)}>ST......\nu2: ${good.repeat(6)}`, { more: [lost(48, 'local#1', 'auth')] });
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ kind: 'auth', scope: { kind: 'connection', names: ['local#1'] }, onsetAt: start + 4800, stage: 'login', fault: 'auth', runs: ['u1-6'] });
  });

  test('a target that says why, where its transport cannot, is believed', () => {
    const drawing = `u0: ${good.repeat(6)}\nu1: ${good.repeat(5)}>ST......${'.'.repeat(20)}`;
    const closed = lost(49, 'local#1', 'server');
    const says = frame(48, 'local#1', { type: 'error_message', error_code: 'AUTH_EXPIRED', error_message: 'token expired' });
    const [incident] = incidentsOf(drawing, { more: [says, closed] });
    expect(incident).toMatchObject({ kind: 'auth', stage: 'login', fault: 'auth', onsetAt: start + 4900 });
    const other = frame(48, 'local#1', { type: 'error_message', error_code: 'OVERLOADED' });
    expect(incidentsOf(drawing, { more: [other, closed] })[0]).toMatchObject({ kind: 'down', stage: 'connection', fault: 'server' });
  });

  test('one that stands open and brings nothing is silent since it was last heard; one that answers otherwise is not', () => {
    const marks = [`u0: ${good.repeat(12)}`, `u1: ${good.repeat(5)}${'>........'.repeat(7)}`, `u2: ${good.repeat(12)}`].join('\n');
    const [incident, ...others] = incidentsOf(marks);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ kind: 'silent', scope: { kind: 'connection', names: ['local#1'] }, onsetAt: start + inRun(4, 5), stage: 'connection', fault: 'network' });
    const beats = Array.from({ length: 70 }, (_, n) => frame(46 + n, 'local#1', { type: 'heartbeat' }));
    const [beating] = incidentsOf(marks, { more: beats });
    expect(beating).toMatchObject({ kind: 'lost', scope: { kind: 'user', names: ['u1'] }, stage: 'agent' });
  });

  test('what changed before the onset is told: version, transport, notes', () => {
    const health = (column: number, version: string): RunwatchRecord => ({ record: 'health', at: epochMs(start + column * 100), ok: true, version });
    const note: RunwatchRecord = { record: 'note', at: epochMs(start + 8000), text: 'deploy begins' };
    const drawing = `u0: ${good.repeat(30)}\nu1: ${good.repeat(10)}${lossy.repeat(20)}`;
    const records = draw(drawing, { contract });
    const polling: RunwatchRecord = { record: 'connection-open', at: epochMs(start + 8600), connection: 'local#1', transport: 'polling', recovered: false };
    const more = [health(1, '4.12.0'), health(82, '4.12.1'), note, polling];
    const { incidents } = folded([...records, ...more]).report;
    expect(incidents[0]?.changes).toEqual([
      expect.stringMatching(/^#1 came back as polling at \d\d:\d\d:\d\d$/),
      expect.stringMatching(/^health reports version 4\.12\.1 since /),
      expect.stringMatching(/^noted at \d\d:\d\d:\d\d: deploy begins$/),
    ]);
    expect(folded(records).report.incidents[0]?.changes).toEqual([]);
  });
});

test('a stretch of time is answered for itself: its incidents, its anomalies, its connections', () => {
  const { recording } = seen(`u0: ${good.repeat(40)}\nu1: ${good.repeat(10)}${lossy.repeat(20)}${good.repeat(10)}`);
  const between = (first: number, last: number): IncidentReport => incidentReport(recording, { from: epochMs(start + inRun(first, 0)), to: epochMs(start + inRun(last, 0)) });
  expect(between(0, 9)).toMatchObject({ incidents: [], anomalies: [] });
  expect(between(0, 9).lanes.map(({ lane, judged, bad }) => ({ lane, judged, bad }))).toEqual([{ lane: 0, judged: 9, bad: false }, { lane: 1, judged: 9, bad: false }]);
  const within = between(12, 16);
  expect(within.incidents.map(({ key, onsetAt }) => ({ key, onsetAt }))).toEqual([{ key: 'lost user u1', onsetAt: start + inRun(10, 3) }]);
  expect(within.anomalies.map(({ run }) => run)).toEqual(['u1-13', 'u1-14', 'u1-15', 'u1-16']);
  expect(within.lanes.map(({ lane, judged, lossy: lossyRuns, bad, since }) => ({ lane, judged, lossyRuns, bad, since }))).toEqual([
    { lane: 1, judged: 4, lossyRuns: 4, bad: true, since: start + inRun(10, 3) },
    { lane: 0, judged: 4, lossyRuns: 0, bad: false, since: null },
  ]);
});

test('who begins to look later is told the same of runs and connections', () => {
  const drawing = `u0: ${good.repeat(30)}\nu1: ${good.repeat(10)}${lossy.repeat(20)}`;
  const records = draw(drawing, { contract });
  const late = recordingOf(records, { contract, untilMs: (records.at(-1)?.at ?? start) - start + 2000 });
  expect(incidentReport(late, {})).toEqual(folded(records).report);
});

describe('an acknowledgement', () => {
  test('labels an incident by its key, since its onset, and hides nothing', () => {
    const drawing = `u0: ${good.repeat(30)}\nu1: ${good.repeat(10)}${lossy.repeat(20)}`;
    const note = (ms: number): RunwatchRecord => ({ record: 'note', at: epochMs(start + ms), text: 'rolling back', author: 'on call', acknowledges: 'lost user u1' });
    const [taken, ...others] = incidentsOf(drawing, { more: [note(20_000)] });
    expect(others).toEqual([]);
    expect(taken).toMatchObject({ kind: 'lost', acknowledged: { at: start + 20_000, text: 'rolling back', author: 'on call' } });
    expect(incidentsOf(drawing, { more: [note(1000)] })[0]).toMatchObject({ acknowledged: null });
  });
});

test('what is asked again and again is cheap with many connections and runs', () => {
  const lanes = 100;
  const marks = `${'>STERC.'.repeat(60)}${'>STE.C.'.repeat(60)}`;
  const drawing = Array.from({ length: lanes }, (_, n) => `u${n}: ${marks}`).join('\n');
  const began = performance.now();
  const { recording } = seen(drawing, { contract: { ...contract, settleMs: 100 } });
  incidentReport(recording, {});
  const folded = performance.now();
  for (let n = 0; n < 20; n += 1) incidentReport(recording, {});
  // Both on the same machine: twenty answers take less than it took to fold what they are about; one that looked at every run would not.
  expect(performance.now() - folded).toBeLessThan(folded - began);
});
