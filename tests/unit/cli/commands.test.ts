import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadEnvironment } from '#cli/config.ts';
import { exitCodeOf } from '#cli/exit-code.ts';
import { replayCommand } from '#cli/replay-command.ts';
import { usage, UsageError } from '#cli/usage.ts';
import { captureLine } from '#record/capture-writer.ts';
import { draw, judge } from '../../fixtures/drawing.ts';

let folder = '';
let stdout = '';
let stderr = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runwatch-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  stdout = '';
  stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const capture = (drawing: string): string => draw(drawing).map(captureLine).join('');
const fault = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'no fault', (error: unknown) => (error instanceof UsageError ? error.message : error));

describe('replay', () => {
  test('prints what people read, and tells the verdict by its exit code', async () => {
    expect(await replayCommand(file('good.jsonl', capture('u0: >STERC---------------|')), false)).toBe(0);
    expect(stdout).toMatch(/^PASS {2}local {2}No loss in 1 run/);
    expect(await replayCommand(file('bad.jsonl', capture('u0: >STEC---------------|')), false)).toBe(1);
    expect(await replayCommand(file('none.jsonl', capture('u0: -|')), false)).toBe(2);
    expect(stderr).toBe('');
  });

  test('prints the report as JSON, of plain text and of gzip alike', async () => {
    const drawing = 'u0: >STERC---------------|';
    await replayCommand(file('plain.jsonl', capture(drawing)), true);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(judge(drawing))));
    const plain = stdout;
    stdout = '';
    await replayCommand(file('zipped.jsonl.gz', gzipSync(capture(drawing))), true);
    expect(stdout).toBe(plain);
  });

  test('says that a torn line was left out', async () => {
    await replayCommand(file('torn.jsonl', capture('u0: >STERC---------------|').slice(0, -20)), false);
    expect(stderr).toBe('The last line was torn, as by a crash, and is left out.\n');
  });

  test.each([
    ['an empty file', '', /Line 1: the capture is empty\./],
    ['another format', '{"record":"header","format":"har"}\n', /is not a capture that can be judged\. Line 1: /],
    ['a broken line', `${capture('u0: -').split('\n')[0]}\nrubbish\n`, /Line 2: it is not JSON\./],
  ])('refuses %s', async (_, content, message) => {
    expect(await fault(replayCommand(file('refused.jsonl', content), false))).toMatch(message);
    expect(stdout).toBe('');
  });

  test('refuses a file that is not there, or is no gzip after all', async () => {
    expect(await fault(replayCommand(join(folder, 'nowhere.jsonl'), false))).toMatch(/^Cannot read the capture .*nowhere\.jsonl \(ENOENT\)\.$/);
    expect(await fault(replayCommand(file('no.gz', Buffer.from([0x1f, 0x8b, 1, 2, 3])), false))).toMatch(/^Cannot read the capture .*no\.gz \(/);
  });
});

describe('the environment of a command', () => {
  const minimal = { id: 'a', eventsUrl: 'ws://localhost:1/ws', transport: 'websocket' };
  const config = (...environments: readonly object[]): string => file('environments.json', JSON.stringify({ version: 1, environments }));

  test('is the first of the file, or the one that is named', async () => {
    const path = config(minimal, { ...minimal, id: 'b' });
    expect((await loadEnvironment(path, undefined)).id).toBe('a');
    expect((await loadEnvironment(path, 'b')).id).toBe('b');
    expect(await fault(loadEnvironment(path, 'c'))).toBe(`${path} has no environment "c". It has: a, b.`);
  });

  test('takes its values from the process’s environment', async () => {
    const path = config({ ...minimal, auth: { method: 'token', token: '${RUNWATCH_TEST_TOKEN}', carry: 'query' } });
    vi.stubEnv('RUNWATCH_TEST_TOKEN', 'canary-0123456789');
    expect(await loadEnvironment(path, undefined)).toMatchObject({ auth: { token: 'canary-0123456789' } });
    vi.stubEnv('RUNWATCH_TEST_TOKEN', '');
    expect(await fault(loadEnvironment(path, undefined))).toBe('Environment "a" needs these environment variables, which are not set: RUNWATCH_TEST_TOKEN.');
  });

  test('is refused where the values make it wrong, without showing one that is secret', async () => {
    const path = config({ ...minimal, eventsUrl: '${RUNWATCH_TEST_URL}', auth: { method: 'token', token: '${RUNWATCH_TEST_TOKEN}', carry: 'query' } });
    vi.stubEnv('RUNWATCH_TEST_URL', 'gopher://x');
    vi.stubEnv('RUNWATCH_TEST_TOKEN', 'canary-0123456789');
    const message = await fault(loadEnvironment(path, undefined));
    expect(message).toMatch(/^With its variables filled in, environment "a" is not valid:\n {2}eventsUrl: found "gopher:\/\/x", expected /);
    expect(message).not.toContain('canary');
  });

  test('is refused with every fault of the file', async () => {
    const path = config({ ...minimal, retries: 1 }, { ...minimal, id: 'b', slo: { target: 2 } });
    expect(await fault(loadEnvironment(path, undefined))).toBe(
      `${path} is not a valid environments file:\n  environments[0].retries: found a field that is not known here, expected no such field; look for a misspelt name\n  environments[1].slo.target: found 2, expected a number below 1`,
    );
  });

  test('is refused where there is no file', async () => {
    expect(await fault(loadEnvironment(join(folder, 'nowhere.json'), undefined))).toMatch(/^Cannot read the environments file .*nowhere\.json \(ENOENT\)\. Name another one with --config\.$/);
    expect(await fault(loadEnvironment(folder, undefined))).toMatch(/\(EISDIR\)/);
  });
});

test('every option that the usage names is one that is understood, and the other way round', () => {
  const main = readFileSync(new URL('../../../src/cli/main.ts', import.meta.url), 'utf8');
  const mock = readFileSync(new URL('../../../src/mock/command.ts', import.meta.url), 'utf8');
  const named = new Set(usage.match(/--[a-z-]+/g));
  for (const option of named) expect(`${main}${mock}`, option).toMatch(new RegExp(`\\b'?${option.slice(2)}'?:`));
  const understood = /const options = \{(.*)\};/.exec(main)?.[1]?.match(/[a-z-]+(?='?:)/g) ?? [];
  expect(understood.length).toBeGreaterThan(8);
  expect(understood.filter((option) => option !== 'help' && !named.has(`--${option}`))).toEqual([]);
});

test('the exit code tells the verdict', () => {
  expect((['pass', 'fail', 'inconclusive'] as const).map((verdict) => exitCodeOf({ ...judge('u0: -'), verdict }))).toEqual([0, 1, 2]);
});
