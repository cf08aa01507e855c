import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';

let taken: Server;
let port = '';

beforeAll(async () => {
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  port = typeof address === 'object' && address !== null ? String(address.port) : '';
});
afterAll(() => taken.close());

/** Runs a script of the project to its end. */
async function run(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, ['scripts/run.mjs', ...args], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = await once(child, 'close');
  return { code, said };
}

test.for(['PORT', 'MOCK_PORT'])('a taken %s is told before anything is started, with the way out', async (name) => {
  // The other port is any free one, so that a dashboard that runs here is not in the way.
  const { code, said } = await run(['start'], { PORT: '0', MOCK_PORT: '0', [name]: port });
  expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(new RegExp(`^Port ${port} is taken\\. .* ${name}=\\d+ npm start\\n$`)) });
});

test.for(['http', '-1', '65536', '1.5'])('a port such as %s is a wrong use', async (text) => {
  expect(await run(['start'], { PORT: text })).toEqual({ code: 64, said: `PORT is "${text}"; it takes a port from 0 to 65535, 0 for any free one.\n` });
});

test.for([['no-such-script'], ['../run'], []])('a script that is not there is a wrong use: %j', async (args) => {
  expect(await run(args, {})).toMatchObject({ code: 64 });
});
