import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMock, type Mock } from '#mock/mock.ts';
import type { ScenarioName } from '#mock/scenarios.ts';
import type { Report } from '#monitor/report.ts';

const root = new URL('../../', import.meta.url).pathname;
const vectors = join(root, 'tests/fixtures/vectors');
let folder = '';
let mock: Mock;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runwatch(args: readonly string[], options: { readonly input?: Buffer; readonly env?: Record<string, string> } = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], { cwd: root, env: { ...process.env, ...options.env } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
    child.stdin?.end(options.input ?? '');
  });
}

function config(name: string, environments: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof environments === 'string' ? environments : JSON.stringify({ version: 1, environments }));
  return file;
}

const environment = (changes: Record<string, unknown> = {}) => ({
  id: 'mock',
  kind: 'mock',
  transport: 'websocket',
  backendUrl: mock.url,
  eventsUrl: `${mock.url.replace('http', 'ws')}/ws`,
  user: 'probe-{n}',
  concurrentConnections: 2,
  connectionTimeoutMs: 1000,
  maxRetries: 0,
  startupTimeoutMs: 5000,
  contract: { settleMs: 200, firstEventTimeoutMs: 1000, eventTimeoutMs: 1000 },
  ...changes,
});

async function check(scenario: ScenarioName, ...args: readonly string[]): Promise<Outcome> {
  mock.setScenario(scenario);
  return runwatch(['check', '--config', config('good.json', [environment()]), '--linger', '0.5', ...args]);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runwatch-cli-'));
  mock = await startMock({ pace: 0.1, settleMs: 200, firstEventTimeoutMs: 1000 });
});

afterAll(async () => {
  await mock.close();
  rmSync(folder, { recursive: true });
});

describe('check', () => {
  test('passes on a target that delivers, and its capture replays to the same report', async () => {
    const capture = join(folder, 'capture.jsonl.gz');
    const checked = await check('healthy', '--runs', '3', '--json', '--capture', capture, '--junit', join(folder, 'junit.xml'));
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    const report: Report = JSON.parse(checked.stdout);
    expect(report).toMatchObject({ verdict: 'pass', counts: { complete: 3, good: 3 } });
    const replayed = await runwatch(['replay', capture, '--json']);
    expect(replayed.code).toBe(0);
    expect(JSON.parse(replayed.stdout)).toEqual(report);
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toMatch(/<testsuite name="runwatch mock" tests="5" failures="0" skipped="0">/);
    expect(gunzipSync(readFileSync(capture)).toString()).toContain('"asked":{"runs":3,"requireProof":false}');
  }, 30_000);

  test('fails on one that loses events, and says which', async () => {
    const checked = await check('missing-tool-completed');
    expect(checked.code).toBe(1);
    expect(checked.stdout).toMatch(/^FAIL {2}mock/);
    expect(checked.stdout).toContain('(tool_completed)');
    expect(checked.stdout).toMatch(/frames +\d+ received = \d+ control \+ \d+ eventful \+ 0 rejected/);
  }, 30_000);

  test('keeps frames that it cannot decode, and counts them', async () => {
    const capture = join(folder, 'malformed.jsonl');
    const checked = await check('malformed', '--json', '--capture', capture);
    const report: Report = JSON.parse(checked.stdout);
    expect(report.frames).toMatchObject({ rejected: 6, rejectedBy: { 'not-json': 2, binary: 2, 'no-type': 2 } });
    expect(report.frames.received).toBe(report.frames.control + report.frames.eventful + report.frames.rejected);
    expect(readFileSync(capture, 'utf8')).toMatch(/"base64":/);
  }, 30_000);

  test('is inconclusive without proof where proof is required', async () => {
    expect((await check('healthy', '--require-proof')).code).toBe(2);
  }, 30_000);

  test('is inconclusive on a dead target, and names cause and place', async () => {
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(0, '127.0.0.1', resolve));
    const address = dead.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => dead.close(resolve));
    const file = config('dead.json', [environment({ eventsUrl: `ws://127.0.0.1:${port}/ws` })]);
    const checked = await runwatch(['check', '--config', file]);
    expect(checked.code).toBe(2);
    expect(checked.stderr).toContain(`127.0.0.1:${port}`);
    expect(checked.stderr).toMatch(/^2 of 2 connections: /);
    expect(checked.stdout).toMatch(/^INCONCLUSIVE {2}mock {2}No run was counted\./);
  }, 30_000);

  test('is inconclusive on a refused token, and never shows it', async () => {
    mock.setScenario('healthy');
    const file = config('refused.json', [environment({ auth: { method: 'token', token: '${PROBE_TOKEN}', carry: 'subprotocol' } })]);
    const capture = join(folder, 'refused.jsonl');
    const checked = await runwatch(['check', '--config', file, '--capture', capture], { env: { PROBE_TOKEN: 'canary-0123456789' } });
    expect(checked.code).toBe(2);
    expect(checked.stderr).toMatch(/refused/i);
    expect(checked.stdout + checked.stderr + readFileSync(capture, 'utf8')).not.toContain('canary-0123456789');
  }, 30_000);

  test('ends at once when it is interrupted, and what it did not see is inconclusive', async () => {
    mock.setScenario('stall');
    const file = config('slow.json', [environment({ contract: { firstEventTimeoutMs: 60_000, eventTimeoutMs: 60_000 } })]);
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'check', '--config', file, '--json'], { cwd: root });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await expect.poll(() => mock.ledger().runs.filter((run) => run.outcome === 'stalled').length, { timeout: 15_000 }).toBeGreaterThanOrEqual(2);
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(2);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ verdict: 'inconclusive', counts: { inconclusive: 2 } });
  }, 30_000);
});

describe.concurrent('wrong usage or configuration exits with 64, before anything is connected', () => {
  test.each([
    ['no command', [], /Name a command/],
    ['an unknown command', ['dance'], /no command "dance"/],
    ['an unknown option', ['check', '--fast'], /--fast/],
    ['a number that is none', ['check', '--runs', 'many'], /--runs: expected a whole number/],
    ['a missing file', ['check', '--config', '/nowhere.json'], /Cannot read the environments file \/nowhere.json \(ENOENT\)/],
    ['no capture', ['replay'], /one capture/],
    ['a missing capture', ['replay', '/nowhere.jsonl'], /Cannot read the capture \/nowhere.jsonl \(ENOENT\)/],
    ['an unknown scenario', ['mock', '--scenario', 'sunny'], /sunny/],
  ])('%s', async (_, args, message) => {
    const outcome = await runwatch(args);
    expect(outcome.code).toBe(64);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stdout).toBe('');
  }, 20_000);

  test('every fault of the file, with its path', async () => {
    const before = mock.ledger().connections.length;
    const file = config('bad.json', [environment({ transport: 'pigeon' }), { ...environment(), id: 'other', slo: { target: 2 }, retries: 1 }]);
    const { code, stderr } = await runwatch(['check', '--config', file]);
    expect(code).toBe(64);
    for (const path of ['environments[0].transport', 'environments[1].slo.target', 'environments[1].retries']) expect(stderr).toContain(path);
    expect(mock.ledger().connections.length).toBe(before);
  }, 20_000);

  test('every missing variable at once', async () => {
    const file = config('variables.json', [environment({ auth: { method: 'token', token: '${FIRST_NAME}', carry: 'query' }, user: '${SECOND_NAME}' })]);
    expect(await runwatch(['check', '--config', file])).toMatchObject({ code: 64, stderr: expect.stringMatching(/SECOND_NAME|FIRST_NAME.*(SECOND_NAME|FIRST_NAME)/s) });
  }, 20_000);

  test('an unknown environment, with those that there are', async () => {
    expect(await runwatch(['check', '--config', config('one.json', [environment()]), '--env', 'moon'])).toMatchObject({ code: 64, stderr: expect.stringMatching(/no environment "moon".*mock/) });
  }, 20_000);
});

describe('replay', () => {
  test('reads files, gzip and standard input alike', async () => {
    const file = join(vectors, 'cross-talk.jsonl');
    const zipped = join(folder, 'cross-talk.jsonl.gz');
    writeFileSync(zipped, gzipSync(readFileSync(file)));
    const [plain, gzipped, piped] = await Promise.all([
      runwatch(['replay', file, '--json']),
      runwatch(['replay', zipped, '--json']),
      runwatch(['replay', '-', '--json'], { input: gzipSync(readFileSync(file)) }),
    ]);
    expect(plain.code).toBe(1);
    expect(JSON.parse(plain.stdout)).toMatchObject({ verdict: 'fail', crossTalk: [{ owner: 'u0' }] });
    expect(gzipped).toEqual(plain);
    expect(piped).toEqual(plain);
  }, 20_000);

  test('leaves out a line that a crash tore, in plain and in gzip, and says so', async () => {
    const whole = readFileSync(join(vectors, 'healthy-one-run.jsonl'));
    const torn = join(folder, 'torn.jsonl');
    writeFileSync(torn, whole.subarray(0, -60));
    const tornZip = join(folder, 'torn.jsonl.gz');
    writeFileSync(tornZip, gzipSync(readFileSync(join(vectors, 'mixed-1.jsonl'))).subarray(0, -400));
    expect(await runwatch(['replay', torn])).toMatchObject({ stderr: expect.stringContaining('torn') });
    const zip = await runwatch(['replay', tornZip, '--json']);
    expect(zip.stderr).toContain('torn');
    expect(JSON.parse(zip.stdout).frames.received).toBeGreaterThan(10);
  }, 20_000);

  test('refuses what is no capture, with the line and why', async () => {
    const broken = join(folder, 'broken.jsonl');
    writeFileSync(broken, `${readFileSync(join(vectors, 'healthy-one-run.jsonl'), 'utf8').split('\n').slice(0, 3).join('\n')}\nrubbish\n{}\n`);
    expect(await runwatch(['replay', broken])).toMatchObject({ code: 64, stderr: expect.stringContaining('Line 4: it is not JSON.') });
    const dialect = join(folder, 'dialect.jsonl');
    writeFileSync(dialect, readFileSync(join(vectors, 'healthy-one-run.jsonl'), 'utf8').replace('"canonical"', '"klingon"'));
    expect(await runwatch(['replay', dialect])).toMatchObject({ code: 64, stderr: expect.stringContaining('klingon') });
  }, 20_000);
});
