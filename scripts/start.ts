/** `npm start`: builds the page where it is missing or old, starts the bundled mock target, and serves both until Ctrl-C. */
import { existsSync, readFileSync, statSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startProgram, waitForLine } from './children.ts';
import { contentSecurityPolicy, moveMock, USUAL_MOCK_PORT } from './security-headers.ts';
import { serve } from './serve.ts';

const { values } = parseArgs({ options: { dev: { type: 'boolean', default: false } } });
const port = portFrom('PORT', 4173);
/** Runs of about five seconds, as real agents take them, so that their events stand apart on the timeline. */
const DEMO_PACE = '5';

const mockPort = portFrom('MOCK_PORT', USUAL_MOCK_PORT);
const host = process.env['HOST'] ?? '127.0.0.1';

const closers: (() => Promise<void>)[] = [];
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop(0));

await needFreePort('PORT', port, host);
await needFreePort('MOCK_PORT', mockPort, '127.0.0.1');
if (!values.dev) await buildWhatIsOld();
const mock = await startMock();
const environments = (text: string): string => moveMock(text, USUAL_MOCK_PORT, Number(new URL(mock).port));
const page = values.dev ? await serveSources() : await serveBuild();
say('');
say(`  Dashboard    ${page}`);
say(`  Mock target  ${mock}`);
say('');
say('Ctrl-C stops both.');

async function startMock(): Promise<string> {
  const child = startProgram('src/mock/main.ts', ['--port', String(mockPort), '--pace', DEMO_PACE], 'pipe');
  closers.push(() => child.stop());
  const [address] = await waitForLine(child.process, /http:\/\/[\w.:[\]-]+/).catch(async (error: unknown) => fail(`The mock target did not start. ${String(error)}`));
  // A terminal sends Ctrl-C to the mock as well: its end is news only before ours.
  child.process.once('exit', () => void (stopping || fail('The mock target ended by itself; its message is above.')));
  child.process.stdout?.on('data', (text: string) => process.stdout.write(text));
  return address;
}

async function serveBuild(): Promise<string> {
  const server = await serve({ root: 'dist', port, host, environments }).catch(async (error: unknown) => fail(`The page could not be served. ${String(error)}`));
  closers.push(() => server.close());
  if (existsSync('dist/environments.json')) {
    const { unresolved } = contentSecurityPolicy(environments(readFileSync('dist/environments.json', 'utf8')));
    for (const address of unresolved) say(`The page may not connect to ${address}: the Content-Security-Policy needs an address without placeholders.`);
  }
  return server.url;
}

/** Vite's own server with hot reload, without the Content-Security-Policy, which its injected code would break. */
async function serveSources(): Promise<string> {
  const { createServer: createViteServer } = await import('vite');
  const vite = await createViteServer({
    server: { port, host, strictPort: true },
    plugins: [
      {
        name: 'runwatch-move-mock',
        configureServer(server) {
          server.middlewares.use('/environments.json', (_request, response) => {
            response.setHeader('Content-Type', 'application/json; charset=utf-8');
            response.end(environments(readFileSync('public/environments.json', 'utf8')));
          });
        },
      },
    ],
  });
  await vite.listen();
  closers.push(() => vite.close());
  return vite.resolvedUrls?.local[0] ?? vite.resolvedUrls?.network[0] ?? '';
}

async function buildWhatIsOld(): Promise<void> {
  const built = existsSync('dist/index.html') ? statSync('dist/index.html').mtimeMs : 0;
  const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];
  if (built > Math.max(...sources.map(newest))) return;
  say('Building the page …');
  const { build } = await import('vite');
  await build({ logLevel: 'warn' }).catch(async (error: unknown) => fail(`The build failed. ${String(error)}`));
}

/** When the newest file under a path was changed, in milliseconds since 1970; 0 where there is none. */
function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}

function portFrom(name: string, usual: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return usual;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number < 65_536) return number;
  process.stderr.write(`${name} is "${text}"; it takes a port from 0 to 65535, 0 for any free one.\n`);
  process.exit(64);
}

/** Ends with a sentence that helps where something else listens already. */
async function needFreePort(name: string, wanted: number, address: string): Promise<void> {
  const problem = await new Promise<string | undefined>((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(wanted, address, () => probe.close(() => resolve(undefined)));
  });
  if (problem === 'EADDRINUSE') await fail(`Port ${wanted} is taken. Stop the program that has it, or choose another: ${name}=${wanted + 1000} npm start`);
  if (problem !== undefined) await fail(`Port ${wanted} of ${address} cannot be opened (${problem}).`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function fail(message: string): Promise<never> {
  process.stderr.write(`${message}\n`);
  return stop(1);
}

async function stop(code: number): Promise<never> {
  stopping = true;
  await Promise.allSettled(closers.map((close) => close()));
  process.exit(code);
}
