#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { checkCommand } from './check-command.ts';
import { exitCodes } from './exit-code.ts';
import { replayCommand } from './replay-command.ts';
import { reportCommand } from './report-command.ts';
import { plainText } from './terminal.ts';
import { usage, UsageError } from './usage.ts';

async function run(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'check':
      return check(rest);
    case 'replay':
      return replay(rest);
    case 'report':
      return report(rest);
    case 'mock': {
      const { mockCommand } = await import('#mock/command.ts');
      return mockCommand(rest);
    }
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(`${usage}\n`);
      return exitCodes.pass;
    default:
      throw new UsageError(command === undefined ? 'Name a command.' : `There is no command ${JSON.stringify(command)}.`);
  }
}

async function check(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { config: text, env: text, runs: text, connections: text, capture: text, json: flag, junit: text, 'require-proof': flag, linger: text, experiment: text, help: flag };
  const { values } = parse(() => parseArgs({ args: [...args], options }));
  if (values.help === true) return run(['help']);
  return checkCommand({
    config: values.config ?? 'public/environments.json',
    env: values.env,
    runs: wholeNumber('--runs', values.runs, 1_000_000),
    connections: wholeNumber('--connections', values.connections, 1000),
    capture: values.capture,
    json: values.json === true,
    junit: values.junit,
    requireProof: values['require-proof'] === true,
    lingerSeconds: seconds('--linger', values.linger, 2),
    experiment: experimentNamed(values.experiment),
  });
}

async function replay(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options: { json: { type: 'boolean' }, help: { type: 'boolean' } }, allowPositionals: true }));
  if (values.help === true) return run(['help']);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('replay takes one capture: a file, or - for standard input.');
  return replayCommand(file, values.json === true);
}

async function report(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options: { html: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } }, allowPositionals: true }));
  if (values.help === true) return run(['help']);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('report takes one capture: a file, or - for standard input.');
  return reportCommand(file, { html: values.html, json: values.json === true });
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) throw new UsageError(`${name}: expected a whole number from 1 to ${most}, found ${JSON.stringify(text)}.`);
  return value;
}

function experimentNamed(text: string | undefined): 'reconnect' | undefined {
  if (text === undefined || text === 'reconnect') return text;
  throw new UsageError(`--experiment: there is no experiment ${JSON.stringify(text)}. There is: reconnect.`);
}

function seconds(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > 3600) throw new UsageError(`${name}: expected seconds from 0 to 3600, found ${JSON.stringify(text)}.`);
  return value;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${plainText(error.message)}\n\n${usage.split('\n')[2]}  (runwatch help tells more)\n`);
  process.exitCode = exitCodes.usage;
}
