import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { invariant } from '#base/assert.ts';
import { epochMs } from '#base/units.ts';
import { GapBook } from '#monitor/query/query-gaps.ts';
import { compileQuery, truth } from '#monitor/query/query-match.ts';
import { parseQuery } from '#monitor/query/query-parser.ts';
import { QuerySubject } from '#monitor/query/query-subject.ts';
import type { Recording } from '#monitor/recording.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { draw, frame, start } from '../../../fixtures/drawing.ts';
import { recordingOf } from '../../../fixtures/drawn-recording.ts';

function compiled(text: string) {
  const parsed = parseQuery(text);
  invariant(parsed.ok && parsed.value !== undefined, `${text} is a query`);
  return compileQuery(parsed.value);
}

/** Which events match, each by its connection's number and its letter; `?` behind those of which nobody knows. */
function matches(recording: Recording, text: string): string {
  const letters = new Map([['agent_started', 'S'], ['agent_thinking', 'T'], ['tool_executing', 'E'], ['tool_completed', 'R'], ['agent_completed', 'C'], ['agent_error', 'X']]);
  const { test: holds } = compiled(text);
  const subject = new QuerySubject(recording);
  const gaps = new GapBook(recording);
  const found: string[] = [];
  for (let row = recording.store.evicted; subject.turnTo(row); row += 1) {
    subject.gapMs = gaps.tell(subject.event.run, subject.event.at);
    const answer = holds(subject);
    const event = `${subject.connection.slice(-1)}${letters.get(subject.type) ?? '?'}`;
    if (answer !== truth.no) found.push(answer === truth.yes ? event : `${event}?`);
  }
  return found.join(' ');
}

const two = recordingOf(`
  u1: >S T E R C
  u2: ..>S T E   C
`);

describe('of events in columns', () => {
  test.each([
    ['type:tool_executing', '0E 1E'],
    ['type:TOOL_*', '0E 0R 1E'],
    ['type:tool', ''],
    ['user:u2', '1S 1T 1E 1C'],
    ['connection:#0 type:agent_*', '0S 0T 0C'],
    ['connection:local#1 -type:agent_*', '1E'],
    ['type:agent_started OR type:agent_completed', '0S 1S 0C 1C'],
    ['run:u1-1 type:agent_thinking', '0T'],
    ['run:u2-*', '1S 1T 1E 1C'],
    ['status:incomplete', '1S 1T 1E 1C'],
    ['lossy', '1S 1T 1E 1C'],
    ['violation:missing', '1S 1T 1E 1C'],
    ['violation:out_of_order', ''],
    ['fault:server', '1S 1T 1E 1C'],
    ['fault:none', '0S 0T 0E 0R 0C'],
    ['unpaired', '1E'],
    ['type:tool_executing unpaired', '1E'],
    ['-unpaired user:u2', '1S 1T 1C'],
    ['disposition:attributed user:u1', '0S 0T 0E 0R 0C'],
    ['late OR duplicate OR leaked OR orphan OR echo OR recovered', ''],
  ])('%s', (query, wanted) => {
    expect(matches(two, query)).toBe(wanted);
  });

  test('what a running run lacks may still come', () => {
    const running = recordingOf('u1: >STE', { untilMs: 500 });
    expect(matches(running, 'status:running')).toBe('0S 0T 0E');
    expect(matches(running, 'unpaired OR violation:missing OR lossy')).toBe('');
  });

  test('what became of each', () => {
    const odd = recordingOf([
      ...draw('u1: >STERC\nu2: >STERC', { fields: ({ run, nth }) => ({ runId: run, eventId: `${run} ${nth}` }) }),
      frame(8, 'local#0', { type: 'agent_thinking', runId: 'u1-1', eventId: 'u1-1 2' }),
      frame(9, 'local#0', { type: 'agent_thinking', runId: 'u2-1', eventId: 'leak' }),
      frame(250, 'local#0', { type: 'agent_thinking', threadId: 'nobody', eventId: 'orphan' }),
      frame(300, 'local#1', { type: 'agent_thinking', runId: 'u2-1', eventId: 'too late' }),
    ]);
    expect(matches(odd, 'duplicate')).toBe('0T');
    expect(matches(odd, 'disposition:cross-talk')).toBe('0T');
    expect(matches(odd, 'leaked')).toBe('0T');
    expect(matches(odd, 'orphan')).toBe('0T');
    expect(matches(odd, 'disposition:late connection:#1')).toBe('1T');
    expect(matches(odd, 'violation:duplicate -duplicate type:agent_started')).toBe('0S');
    // What belongs to no run has no status.
    expect(matches(odd, 'orphan status:*')).toBe('');
    expect(matches(odd, 'leaked -status:*')).toBe('0T');
  });

  test('how late each came, where that is known', () => {
    const clocked: RunwatchRecord[] = [];
    for (const record of draw('u1: >S T E R C', { fields: ({ run, nth }) => ({ runId: run, ...(nth < 5 && { sentAt: start + nth * 100 }) }) })) {
      clocked.push(record);
      if (record.record === 'connection-open') clocked.push({ record: 'clock-sample', at: epochMs(start), connection: 'local#0', sentAt: epochMs(start - 2), receivedAt: epochMs(start), serverAt: epochMs(start - 1) });
    }
    const recording = recordingOf(clocked);
    const latencies = [0, 1, 2, 3].map((row) => recording.store.event(row)?.latencyMs ?? Number.NaN);
    const [, second = 0] = latencies;
    expect(latencies.every((ms) => ms > 0)).toBe(true);
    expect(matches(recording, `latency:>${second}ms`)).toBe('0E 0R');
    expect(matches(recording, `latency:>=${second}ms`)).toBe('0T 0E 0R');
    expect(matches(recording, `latency:<${second}ms`)).toBe('0S');
    expect(matches(recording, `latency:0..${second}ms`)).toBe('0S 0T');
    // An event without a latency is neither above nor below a limit.
    expect(matches(recording, 'latency:>=0 OR latency:<0')).toBe('0S 0T 0E 0R');
  });

  test('how long nothing came before in its run, from the trigger on', () => {
    expect(matches(two, 'gap:>200ms')).toBe('1C');
    expect(matches(two, 'gap:<=100ms')).toBe('0S 1S');
    expect(matches(two, 'gap:150..250ms user:u2')).toBe('1T 1E');
  });

  test('when each came: a moment is as long as it is written', () => {
    const at = (ms: number): string => new Date(start + ms).toISOString();
    expect(matches(two, `at:${at(200)} user:u1`)).toBe('0S');
    expect(matches(two, `at:>${at(200)} user:u1`)).toBe('0T 0E 0R 0C');
    expect(matches(two, `at:${at(400)}..${at(600)} user:u1`)).toBe('0T 0E');
    const second = at(0).slice(0, 19);
    expect(matches(two, `at:${second}Z user:u1`)).toBe('0S 0T 0E 0R');
    expect(matches(two, `at:>${second}Z`)).toBe('0C 1C');
    expect(matches(two, `at:<=${second.slice(11)}Z at:>=${second.slice(11, 16)}Z user:u1`)).toBe('0S 0T 0E 0R');
    expect(matches(two, 'at:<00:00Z')).toBe('');
  });
});

describe('of what came off the wire', () => {
  const secret = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2lnbmF0dXJlLXNlY3JldA';
  const spoken = recordingOf([
    ...draw('u1: >', { fields: () => ({}) }),
    frame(2, 'local#0', { type: 'agent_started', runId: 'u1-1', agent: 'Supervisor', content: 'Grüße an alle', token: 'hush-hush' }),
    frame(3, 'local#0', { type: 'tool_executing', runId: 'u1-1', tool: 'search_docs', content: `signed ${secret}` }),
    frame(4, 'local#0', { type: 'tool_completed', runId: 'u1-1', tool: 'search_web' }),
  ]);

  test.each([
    ['text:"grüße AN"', '0S'],
    ['GRÜSSE', ''],
    ['search_*', '0E 0R'],
    ['text:gr*alle', '0S'],
    ['text:alle*gr', ''],
    ['-search_docs', '0S 0R'],
    ['tool:search_docs', '0E'],
    ['tool:search*', '0E 0R'],
    ['agent:supervisor', '0S'],
    ['type:tool_* text:search -tool:search_web', '0E'],
    // The head of a line is the monitor's own.
    ['text:"local#0"', ''],
    ['text:connection', ''],
  ])('%s', (query, wanted) => {
    expect(matches(spoken, query)).toBe(wanted);
  });

  test('secrets are not in it, and what stands in their place is', () => {
    expect(matches(spoken, 'text:hush')).toBe('');
    expect(matches(spoken, `text:${secret.slice(0, 20)}`)).toBe('');
    expect(matches(spoken, 'text:eyJ')).toBe('');
    expect(matches(spoken, 'text:"[redacted]"')).toBe('0S 0E');
    expect(matches(spoken, 'text:redact')).toBe('0S 0E');
    expect(matches(spoken, 'text:"signed [red"')).toBe('0E');
  });

  test('an escape of the target hides nothing', () => {
    const [header, open] = draw('u1: >');
    invariant(header !== undefined && open !== undefined, 'a drawing has a header and a connection');
    const recording = recordingOf([header, open]);
    recording.apply(frame(1, 'local#0', { type: 'agent_started', runId: 'a', note: 'abc' }), '{"type":"agent_started","runId":"a","note":"\\u0061bc","\\u0074oken":"hush-hush"}');
    expect(matches(recording, 'text:abc')).toBe('0S');
    expect(matches(recording, 'text:hush')).toBe('');
    // Of what is too long to be read nobody knows what an escape hides.
    recording.apply(frame(2, 'local#0', { type: 'agent_thinking', runId: 'a' }), `{"type":"agent_thinking","runId":"a","\\u0074oken":"hush-hush","x":"${'x'.repeat(70_000)}"}`);
    recording.apply(frame(3, 'local#0', { type: 'tool_executing', runId: 'a' }), `{"type":"tool_executing","runId":"a","token":"hush-hush","x":"${'x'.repeat(70_000)}"}`);
    expect(matches(recording, 'text:hush')).toBe('0T?');
    expect(matches(recording, 'text:xxx tool:*')).toBe('0T? 0E?');
  });
});

test('a batch is taken apart once, and each of its events has its own tool', () => {
  const recording = recordingOf([...draw('u1: >'), frame(2, 'local#0', [{ type: 'agent_started', runId: 'u1-1' }, { type: 'tool_executing', runId: 'u1-1', tool: 'a' }, { type: 'tool_completed', runId: 'u1-1', tool: 'b' }])]);
  const parse = vi.spyOn(JSON, 'parse');
  expect(matches(recording, 'tool:a OR tool:b')).toBe('0E 0R');
  expect(parse).toHaveBeenCalledTimes(1);
  parse.mockRestore();
});

test('of what is gone nobody knows, and not of its opposite', () => {
  const recording = recordingOf('u1: >STERC');
  const gone = new QuerySubject(recording);
  gone.turnTo(0);
  Object.defineProperty(gone, 'line', { value: undefined });
  for (const [query, wanted] of [
    ['text:a', truth.unknown],
    ['-text:a', truth.unknown],
    ['text:a type:agent_started', truth.unknown],
    ['text:a type:agent_thinking', truth.no],
    ['text:a OR type:agent_started', truth.yes],
    ['tool:a', truth.unknown],
  ] as const) expect(compiled(query).test(gone), query).toBe(wanted);
});

test('what is cheap is asked first, and most often decides', () => {
  const recording = recordingOf('u1: >STERC');
  const subject = new QuerySubject(recording);
  let reads = 0;
  Object.defineProperty(subject, 'line', {
    get: () => {
      reads += 1;
      return '{"record":"frame","data":{"x":1}}\n';
    },
  });
  const asked = (query: string): number => {
    reads = 0;
    const { test: holds } = compiled(query);
    for (let row = 0; row < 5; row += 1) {
      subject.turnTo(row);
      holds(subject);
    }
    return reads;
  };
  expect(asked('text:x')).toBe(5);
  expect(asked('text:x type:tool_*')).toBe(2);
  expect(asked('-(text:x type:tool_*)')).toBe(2);
  expect(asked('text:x OR type:tool_*')).toBe(3);
  expect(asked('text:x status:incomplete')).toBe(0);
});

test('AND, OR and NOT hold as they are read, whatever is asked first', () => {
  const terms = ['type:tool_*', 'user:u1', 'lossy', 'gap:>150ms', 'text:u2', 'run:u1-1', 'unpaired', 'tool:x'];
  const holds = new Map(terms.map((term) => [term, new Set(matches(two, term).split(' '))]));
  const all = matches(two, '*').split(' ');
  interface Tree {
    readonly text: string;
    readonly of: (event: string) => boolean;
  }
  const tree = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(...terms).map((text) => ({ text, of: (event: string) => holds.get(text)?.has(event) === true })),
      fc.tuple(tie('tree'), tie('tree')).map(([one, other]) => ({ text: `(${one.text} ${other.text})`, of: (event: string) => one.of(event) && other.of(event) })),
      fc.tuple(tie('tree'), tie('tree')).map(([one, other]) => ({ text: `(${one.text} OR ${other.text})`, of: (event: string) => one.of(event) || other.of(event) })),
      tie('tree').map((part) => ({ text: `-${part.text}`, of: (event: string) => !part.of(event) })),
    ),
  })).tree;
  expect(all.length).toBe(9);
  fc.assert(
    fc.property(tree, ({ text, of }) => {
      expect(matches(two, text)).toBe(all.filter(of).join(' '));
    }),
    { numRuns: 300 },
  );
});

test('of a run by itself only that is known which is said of runs', () => {
  const subject = new QuerySubject(two);
  const lossy = [...two.engine.tracker.runs()].find((run) => run.status === 'incomplete');
  invariant(lossy !== undefined, 'one run is lossy');
  subject.turnToRun(lossy);
  for (const [query, wanted] of [
    ['status:incomplete user:u2 connection:#1', truth.yes],
    ['status:complete', truth.no],
    ['status:incomplete type:tool_executing', truth.unknown],
    ['status:complete type:tool_executing', truth.no],
    ['unpaired', truth.unknown],
    ['late', truth.unknown],
    ['latency:>1', truth.unknown],
    ['gap:>1', truth.unknown],
    ['at:>14:00Z', truth.unknown],
    ['text:a', truth.unknown],
    ['tool:a', truth.unknown],
    ['run:u2-1 -run:u1-1 lossy', truth.yes],
  ] as const) expect(compiled(query).test(subject), query).toBe(wanted);
});
