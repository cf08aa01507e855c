/**
 * `npm test`: every check of the project, one after the other; the last line counts them.
 * `npm test -- --only unit tests/unit/runs` runs one step, and hands the rest to its runner.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { findOrInstallChromium } from './chromium.ts';
import { coverageChecks } from './coverage.ts';
import { installPythonServers } from './python-servers.ts';
import { playwrightTally, type Tally, vitestTally } from './tally.ts';

const VITEST_RESULTS = 'coverage/vitest.json';
const PLAYWRIGHT_RESULTS = 'coverage/playwright.json';
const STEP_LIMIT_MS = 450_000;

/** In the order in which a fault is cheapest to find. */
const steps: ReadonlyMap<string, (rest: readonly string[]) => Promise<Tally>> = new Map([
  ['types', () => inTurn([check('types of everything', 'tsc', '-p', 'tsconfig.json'), check('pure rooms without a platform', 'tsc', '-p', 'src/tsconfig.pure.json')])],
  ['lint', () => inTurn([check('rules and import directions', 'oxlint'), check('nothing unused', 'knip')])],
  ['unit', unit],
  ['build', () => inTurn([check('page and command line', 'npm', 'run', '--silent', 'build')])],
  ['browser', browser],
  ['coverage', coverage],
]);

const { values, positionals } = parseArgs({ options: { only: { type: 'string', multiple: true } }, allowPositionals: true });
const chosen = values.only ?? [...steps.keys()];
const unknown = chosen.find((name) => !steps.has(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no step "${unknown}"; there are ${[...steps.keys()].join(', ')}.\n`);
  process.exit(64);
}
process.exitCode = await runAll();

async function runAll(): Promise<number> {
  const total = { passed: 0, failed: 0, skipped: [] as string[], flaky: [] as string[] };
  for (const [name, run] of steps) {
    if (!chosen.includes(name)) continue;
    say(`\n── ${name} ──`);
    const began = performance.now();
    const { passed, failed, skipped, flaky = [] } = await run(positionals);
    total.passed += passed;
    total.failed += failed;
    total.skipped.push(...skipped);
    total.flaky.push(...flaky);
    say(`── ${name}: ${failed === 0 ? 'ok' : 'FAILED'}, ${passed} passed, ${failed} failed, ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  say('');
  for (const title of total.flaky) say(`passed at the second try only: ${title}`);
  for (const reason of total.skipped) say(`skipped: ${reason}`);
  say(`${total.passed} passed, ${total.failed} failed${total.skipped.length === 0 ? '' : `, ${total.skipped.length} skipped`}`);
  return total.failed === 0 ? 0 : 1;
}

async function unit(rest: readonly string[]): Promise<Tally> {
  rmSync(VITEST_RESULTS, { force: true });
  installPythonServers();
  const code = await command('vitest', ['run', '--coverage', '--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_RESULTS}`, ...rest]);
  return vitestTally(readResults(VITEST_RESULTS), code);
}

async function browser(rest: readonly string[]): Promise<Tally> {
  rmSync(PLAYWRIGHT_RESULTS, { force: true });
  rmSync('coverage/browser', { recursive: true, force: true });
  const chromium = await findOrInstallChromium();
  if (chromium === undefined) {
    say('✗ no Chromium was found, and none could be installed: name one with CHROMIUM=/path/to/chromium');
    return { passed: 0, failed: 1, skipped: [] };
  }
  say(`Browser: ${chromium}`);
  const code = await command('playwright', ['test', ...rest], { CHROMIUM: chromium });
  return playwrightTally(readResults(PLAYWRIGHT_RESULTS), code);
}

async function coverage(): Promise<Tally> {
  return inTurn(coverageChecks().map(({ name, passed, detail }) => async () => {
    say(`${passed ? '✓' : '✗'} ${name}: ${detail}`);
    return passed;
  }));
}

/** A check that counts as one test: the command must exit with 0. */
function check(name: string, program: string, ...args: string[]): () => Promise<boolean> {
  return async () => {
    const began = performance.now();
    const passed = (await command(program, args)) === 0;
    say(`${passed ? '✓' : '✗'} ${name} (${program}, ${((performance.now() - began) / 1000).toFixed(1)} s)`);
    return passed;
  };
}

async function inTurn(checks: readonly (() => Promise<boolean>)[]): Promise<Tally> {
  let passed = 0;
  for (const one of checks) if (await one()) passed += 1;
  return { passed, failed: checks.length - passed, skipped: [] };
}

/** Runs a program of node_modules/.bin (or npm) with its output shown; gives its exit code, 1 when it was ended by a signal. */
function command(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<number> {
  const path = program === 'npm' ? 'npm' : `node_modules/.bin/${program}`;
  const child = spawn(path, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...environment }, timeout: STEP_LIMIT_MS });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      say(String(error));
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function readResults(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
