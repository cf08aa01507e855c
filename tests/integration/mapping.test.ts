import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { isJsonObject } from '#base/json.ts';
import type { Report } from '#monitor/report.ts';

const root = new URL('../../', import.meta.url).pathname;
let folder = '';
let server: WebSocketServer;
/** What a run brings; a test may lose some of it. */
const all = ['run.begin', 'run.thought', 'tool.begin', 'tool.end', 'run.end'];
let brings = all;
const received: unknown[] = [];
let sessions = 0;

/** A target that no dialect knows: snake_case, ISO times, no numbers, a heartbeat of its own. */
function serve(socket: WebSocket): void {
  const send = (event_type: string, fields: object = {}): void => socket.send(JSON.stringify({ event_type, created_at: new Date().toISOString(), ...fields }));
  sessions += 1;
  send('session_ready', { session_id: `session-${sessions}` });
  send('still_there');
  socket.on('message', (data: Buffer) => {
    const message: unknown = JSON.parse(data.toString());
    received.push(message);
    if (!isJsonObject(message)) return;
    if (message['ask'] === 'time') send('time_told');
    if (message['ask'] !== 'run') return;
    const { run_id, session_id } = message;
    for (const name of brings) send(name, { run_id, session_id, ...(name.startsWith('tool') && { tool_name: 'search', tool_call_id: 'call-1' }) });
  });
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const runwatch = (...args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });

const dialect = {
  type: 'event_type',
  names: { 'run.begin': 'agent_started', 'run.thought': 'agent_thinking', 'tool.begin': 'tool_executing', 'tool.end': 'tool_completed', 'run.end': 'agent_completed' },
  runId: 'run_id',
  threadId: 'session_id',
  sentAt: 'created_at',
  tool: 'tool_name',
  toolCallId: 'tool_call_id',
  welcome: 'session_ready',
  answers: { still_there: { ask: 'nothing', here: true } },
  clock: { ask: { ask: 'time' }, answer: 'time_told', at: 'created_at' },
};

function config(name: string, changes: object = {}): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const environment = {
    id: 'ours',
    eventsUrl: `ws://127.0.0.1:${port}`,
    transport: 'websocket',
    dialect,
    probe: { message: { ask: 'run', run_id: '{run}', session_id: '{thread}' } },
    maxRetries: 0,
    contract: { settleMs: 200, firstEventTimeoutMs: 2000, eventTimeoutMs: 2000 },
    ...changes,
  };
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ version: 1, environments: [environment] }));
  return file;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runwatch-mapping-'));
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', serve);
  await new Promise((resolve) => server.once('listening', resolve));
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const checkOf = (file: string, ...args: readonly string[]): Promise<Outcome> => runwatch('check', '--config', file, '--connections', '2', '--runs', '4', '--linger', '0.3', '--json', ...args);

test('a format that the file describes is checked end to end, and its capture replays to the same report', async () => {
  brings = all;
  const capture = join(folder, 'capture.jsonl');
  const checked = await checkOf(config('right.json'), '--capture', capture);
  expect(checked).toMatchObject({ code: 0, stderr: '' });
  const report: Report = JSON.parse(checked.stdout);
  expect(report).toMatchObject({ verdict: 'pass', counts: { complete: 4 }, frames: { rejected: 0 }, latency: { count: 20 } });
  expect(report.events.byType).toEqual({ agent_started: 4, agent_thinking: 4, tool_executing: 4, tool_completed: 4, agent_completed: 4 });
  // The thread is the one of the greeting, and the heartbeat had its answer.
  expect(received).toContainEqual({ ask: 'run', run_id: expect.any(String), session_id: 'session-1' });
  expect(received).toContainEqual({ ask: 'nothing', here: true });
  const replayed = await runwatch('replay', capture, '--json');
  expect(JSON.parse(replayed.stdout)).toEqual(report);
  const wrong = join(folder, 'wrong.jsonl');
  writeFileSync(wrong, readFileSync(capture, 'utf8').replace('"sentAt":"created_at"', '"sentOn":"created_at"'));
  const refused = await runwatch('replay', wrong);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(/Line 1: the header's mapping is not valid: sentOn: found a field that is not known here/);
}, 60_000);

test('what such a target loses is found', async () => {
  brings = all.filter((name) => name !== 'tool.end');
  const checked = await checkOf(config('lossy.json'));
  expect(checked.code).toBe(1);
  expect(JSON.parse(checked.stdout)).toMatchObject({ verdict: 'fail', counts: { incomplete: 4 } });
}, 60_000);

test('a wrong mapping stops before anything is connected, by the path of its fault', async () => {
  const checked = await checkOf(config('wrong.json', { dialect: { ...dialect, runid: 'run_id' }, probe: {} }));
  expect(checked.code).toBe(64);
  expect(checked.stderr).toContain('environments[0].dialect.runid: found a field that is not known here');
}, 60_000);
