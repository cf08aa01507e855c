import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { startMock } from '#mock/mock.ts';

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function run(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/mock/main.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += String(chunk)));
  child.stderr.on('data', (chunk) => (said.err += String(chunk)));
  const ended: Promise<unknown[]> = once(child, 'exit');
  return { child, said, exitCode: () => ended.then(([code]) => code) };
}

test('prints its address, serves, and ends cleanly on Ctrl-C', async () => {
  const { child, said, exitCode } = run('--port', '0', '--scenario', 'late', '--seed', '9');
  await vi.waitFor(() => expect(said.out).toMatch(/http:\/\/127\.0\.0\.1:\d+ /), { timeout: 20_000 });
  expect(said.out).toContain('scenario late, seed 9');
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said.out)?.[0] ?? '';
  expect((await fetch(`${url}/health`)).status).toBe(200);
  child.kill('SIGINT');
  expect(await exitCode()).toBe(0);
}, 30_000);

test('a taken port is named, and the exit code is 1', async () => {
  const mock = await startMock();
  const { said, exitCode } = run('--port', String(mock.port));
  expect(await exitCode()).toBe(1);
  expect(said.err).toContain(`Port ${mock.port} is taken`);
  await mock.close();
}, 30_000);

test.each([
  [['--scenario', 'nonsense'], 'Unknown scenario "nonsense"'],
  [['--port', 'many'], '--port: expected a port'],
  [['--pace', '0'], '--pace: expected a number'],
  [['--colour', 'red'], "Unknown option '--colour'"],
])('wrong usage %j: what was expected, the known scenarios, exit code 64', async (args, message) => {
  const { said, exitCode } = run(...args);
  expect(await exitCode()).toBe(64);
  expect(said.err).toContain(message);
  expect(said.err).toContain('missing-tool-completed');
}, 30_000);
