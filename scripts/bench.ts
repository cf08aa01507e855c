/** `npm run bench`: measures what Runwatch costs, as ratios side by side; writes bench/results.json and docs/performance.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { describeMachine, earlierMeasurements, type Results } from './bench/machine.ts';
import { holds, type Measurement, say } from './bench/measurement.ts';
import { line, page } from './bench/report.ts';
import { firstLoadRow } from './bench/rows/first-load.ts';
import { foldRow } from './bench/rows/fold.ts';
import { framesRow } from './bench/rows/frames.ts';
import { heapRow } from './bench/rows/heap.ts';
import { latencyRow } from './bench/rows/latency.ts';
import { peersRow } from './bench/rows/peers.ts';
import { replayRow } from './bench/rows/replay.ts';
import type { Row } from './bench/rows/row.ts';
import { storageRow } from './bench/rows/storage.ts';
import { throughputRow } from './bench/rows/throughput.ts';
import { timelineRow } from './bench/rows/timeline.ts';
import { openStage, type Stage } from './bench/stage.ts';
import { median } from './bench/statistics.ts';

const rows: ReadonlyMap<string, Row> = new Map([
  ['a', throughputRow],
  ['b', framesRow],
  ['c', timelineRow],
  ['d', storageRow],
  ['e', latencyRow],
  ['f', foldRow],
  ['g', peersRow],
  ['h', firstLoadRow],
  ['i', replayRow],
  ['j', heapRow],
]);
/** A build of its own: dist/ may be of another day. */
const root = 'bench/page';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: [...rows.keys()].join(',') },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    'heap-minutes': { type: 'string', default: '4' },
  },
});
const chosen = values.rows.split(',');
const unknown = chosen.filter((name) => !rows.has(name));
if (unknown.length > 0) refuse(`There is no row ${unknown.join(', ')}; choose from ${[...rows.keys()].join(', ')}.`);
const rounds = positive('--rounds', values.rounds ?? (values.quick ? '2' : '5'));
const heapMinutes = positive('--heap-minutes', values['heap-minutes']);

const load = loadavg()[0] ?? 0;
if (load > 0.5) say(`Other programs keep this machine busy (load ${load.toFixed(1)}): do not quote what comes.`);

let opened: Promise<Stage> | undefined;
let browser: string | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(130));

// Whatever goes wrong, the browser and the sender are ended.
await measure().then(
  () => end(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return end(1);
  },
);

async function measure(): Promise<void> {
  say('Building the page …');
  await build({ logLevel: 'warn', build: { outDir: root, emptyOutDir: true } });
  const measurements: Measurement[] = [];
  for (const name of chosen) {
    const since = performance.now();
    say(`\nRow ${name}`);
    const measured = (await rows.get(name)?.({ rounds, quick: values.quick, heapMinutes, root, stage })) ?? [];
    measurements.push(...measured);
    for (const each of measured) say(line(each));
    say(`   ${((performance.now() - since) / 1000).toFixed(0)} s`);
  }
  const machine = describeMachine(browser, load);
  const before = existsSync('bench/results.json') ? readFileSync('bench/results.json', 'utf8') : undefined;
  const earlier = values.quick ? [] : earlierMeasurements(before, machine, chosen);
  const all = [...earlier, ...measurements].toSorted((left, right) => left.row.localeCompare(right.row));
  const results: Results = { machine, quick: values.quick, rounds, measurements: all };
  writeFileSync('bench/results.json', `${JSON.stringify(results, undefined, 2)}\n`);
  say('\nbench/results.json');
  // A hasty run, or one of few rounds, must not take the place of a measured one.
  if (!values.quick && rounds >= 5) {
    const missing = [...rows.keys()].filter((name) => all.every(({ row }) => row !== name));
    writeFileSync('docs/performance.md', page(results, missing));
    say(`docs/performance.md${missing.length === 0 ? '' : `, without row ${missing.join(', ')}`}`);
  }
  const judged = measurements.filter(({ bar }) => bar !== undefined);
  const broken = judged.filter(({ bar, values: figures }) => holds(bar, median(figures)) === false);
  say(broken.length === 0 ? `All ${judged.length} bars hold.` : `${broken.length} of ${judged.length} bars do not hold: ${broken.map(({ row, what }) => `${row} (${what})`).join('; ')}.`);
}

/** Started when the first row asks: rows that run in Node alone need none of it. */
async function stage(): Promise<Stage> {
  opened ??= openStage(root);
  const ready = await opened;
  browser ??= await ready.browser.version();
  return ready;
}

async function end(code: number): Promise<never> {
  await opened?.then((ready) => ready.close());
  process.exit(code);
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  return refuse(`${name} is "${text}"; it takes a number above 0.`);
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(64);
}
