import { parseArgs } from 'node:util';
import { startMock, type Mock, type MockOptions } from './mock.ts';
import { scenarioNames, type ScenarioName } from './scenarios.ts';

const usage = `Usage: mock [--port 4180] [--host 127.0.0.1] [--scenario demo] [--seed 1] [--pace 1]
Scenarios: ${scenarioNames.join(', ')}
Where the environment variable MOCK_BYPASS_KEY is set, a login needs it in the header X-E2E-Bypass-Key.`;

const exitCodes = { done: 0, failed: 1, usage: 64 } as const;

class UsageError extends Error {}

interface Arguments extends MockOptions {
  readonly scenario: ScenarioName;
}

function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values } = parseUsage(args);
  if (values.help === true) return 'help';
  const scenario = scenarioNames.find((name): name is ScenarioName => name === (values.scenario ?? 'demo'));
  if (scenario === undefined) throw new UsageError(`Unknown scenario "${values.scenario}".`);
  const key = process.env['MOCK_BYPASS_KEY'];
  return {
    port: readNumber('--port', values.port ?? '4180', (port) => Number.isInteger(port) && port >= 0 && port <= 65_535, 'a port from 0 to 65535'),
    host: values.host ?? '127.0.0.1',
    scenario,
    seed: readNumber('--seed', values.seed ?? '1', (seed) => Number.isInteger(seed) && seed >= 0 && seed <= 0xff_ff_ff_ff, 'a whole number from 0 to 4294967295'),
    pace: readNumber('--pace', values.pace ?? '1', (pace) => pace > 0 && pace <= 100, 'a number above 0, and 100 at most'),
    ...(key === undefined || key === '' ? {} : { bypassKey: key }),
    log: (line) => console.log(line),
  };
}

function parseUsage(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], options: { port: text, host: text, scenario: text, seed: text, pace: text, help: { type: 'boolean' } } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readNumber(name: string, text: string, isFit: (value: number) => boolean, expected: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!isFit(value)) throw new UsageError(`${name}: expected ${expected}.`);
  return value;
}

async function start(options: MockOptions): Promise<Mock | undefined> {
  try {
    return await startMock(options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') console.error(`Port ${options.port} is taken. Stop what runs there, or choose another one with --port.`);
    else if (code === 'EACCES') console.error(`Port ${options.port} may not be used by this account. Choose one above 1023 with --port.`);
    else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') console.error(`The address ${options.host} is not one of this machine. Choose another one with --host.`);
    else throw error;
    return undefined;
  }
}

async function serve(options: Arguments): Promise<number> {
  const mock = await start(options);
  if (mock === undefined) return exitCodes.failed;
  console.log(`Mock target on ${mock.url} (Socket.IO at /socket.io, WebSocket at ${mock.url.replace('http', 'ws')}/ws), scenario ${options.scenario}, seed ${options.seed}`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await mock.close();
  return exitCodes.done;
}

/**
 * Starts the target as the arguments say, and serves until SIGINT or SIGTERM. Resolves with the process's exit code:
 * 0 after a clean end, 1 where the address cannot be had, 64 for wrong usage; what is wrong is printed.
 */
export async function mockCommand(args: readonly string[]): Promise<number> {
  try {
    const options = readArguments(args);
    if (options !== 'help') return await serve(options);
    console.log(usage);
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return exitCodes.usage;
  }
}
