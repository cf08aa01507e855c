import { epochMs } from '#base/units.ts';
import { z } from 'zod';
import { atMost, type Measurement, pause, say } from '../measurement.ts';
import { missingAfterDrain, type Stage, type Subject } from '../stage.ts';
import { type FilledStore, filledStore, storedLanes } from '../stored-events.ts';
import { compare, median, rounded } from '../statistics.ts';
import type { RowOptions } from './row.ts';

const least = 10_000;
/** In Node: a stretch of single events, and one that is answered as a density. */
const perSecond = 1000;
const stretches = [
  { mode: 'events', ms: 2000 },
  { mode: 'density', ms: 9000 },
] as const;
/** In the page: few enough events to be drawn one by one. */
const shownMs = 2000;
const shownPerSecond = 300;

/** One frame of the timeline with more and more events stored, the same stretch on the screen. */
export async function timelineRow(options: RowOptions): Promise<Measurement[]> {
  return [...(await storeAnswers(options)), ...(await pageFrames(options))];
}

/** The store's answer to the timeline, in Node, where it can be made as large as one likes. */
async function storeAnswers({ rounds, quick }: RowOptions): Promise<Measurement[]> {
  const sizes = quick ? [100_000, 1_000_000] : [100_000, 1_000_000, 3_000_000];
  const few = filledStore(least, perSecond);
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    const many = filledStore(size, perSecond);
    for (const stretch of stretches) {
      const ask = (of: FilledStore) => () => answerMs(of, stretch);
      ask(many)();
      ask(few)();
      const shape = stretch.mode === 'events' ? 'single events' : 'a density';
      const { ours, theirs, ratios } = await compare(rounds, ask(many), ask(few), (round, own, other) => say(`   store of ${rounded(size)}, ${shape}, round ${round + 1}: ${own.toFixed(3)} ms against ${other.toFixed(3)} ms`));
      measurements.push({
        row: 'c',
        what: `the store’s answer for the same stretch as ${shape}, ${rounded(size)} events stored, in Node`,
        unit: `of that with ${rounded(least)} stored`,
        values: ratios,
        ...(size === 1_000_000 && { bar: atMost(1.3) }),
        context: `${median(ours).toFixed(3)} ms against ${median(theirs).toFixed(3)} ms`,
        limit: stretch.mode === 'events' ? 'copying the events of the stretch' : 'reading the cells of the stretch',
      });
    }
  }
  return measurements;
}

function answerMs({ store, end }: FilledStore, { mode, ms }: (typeof stretches)[number]): number {
  const lanes = Array.from({ length: storedLanes }, (_, lane) => lane);
  const times: number[] = [];
  for (let turn = 0; turn < 100; turn += 1) {
    const since = performance.now();
    const answer = store.query({ from: epochMs(end - ms + turn), to: end, lanes, columns: mode === 'events' ? 20_000 : 1600, maxEvents: 5000 });
    times.push(performance.now() - since);
    if (answer.mode !== mode) throw new Error(`The store answers with ${answer.mode} where the bench wants ${mode}.`);
  }
  return median(times);
}

interface Figures {
  readonly stored: number;
  readonly answerMs: number;
  readonly paintMs: number;
  /** The main thread's share of a move. */
  readonly mainMs: number;
}

/** The page: asked → answered, and the painter's work for sorting and painting, while the view is moved. */
async function pageFrames({ stage, rounds, quick }: RowOptions): Promise<Measurement[]> {
  const sizes = [least, quick ? 100_000 : 1_000_000];
  const figures = new Map<number, Figures[]>(sizes.map((size) => [size, []]));
  // A page can only grow: each round goes through the sizes in a page of its own.
  for (let round = 0; round < rounds; round += 1) {
    const at = await stage();
    const subject = await at.watch({ wire: 'websocket', connections: 10 });
    try {
      let given = 0;
      for (const size of sizes) {
        const shown = (shownMs / 1000) * shownPerSecond;
        given += await fill(at, subject, size - shown - given, 50, undefined);
        // The page asks for ten seconds more than it shows; none of the filling may lie there.
        await pause(10_500);
        const before = await subject.page.evaluate(z.number(), 'performance.timeOrigin + performance.now()');
        given += await fill(at, subject, shown, 1, shownPerSecond);
        const one = await moveAbout(subject, before);
        figures.get(size)?.push(one);
        say(`   page, round ${round + 1}, ${rounded(given)} events taken, ${rounded(one.stored)} stored: answer ${rounded(one.answerMs)} ms, sorting and painting ${rounded(one.paintMs)} ms, main thread ${rounded(one.mainMs)} ms a move`);
      }
    } finally {
      await at.stop();
      await subject.close();
    }
  }
  const few = figures.get(least) ?? [];
  return sizes.slice(1).map((size) => {
    const many = figures.get(size) ?? [];
    const stored = Math.max(...many.map((one) => one.stored));
    const ratios = many.map((one, round) => (one.answerMs + one.paintMs) / ((few[round]?.answerMs ?? Number.NaN) + (few[round]?.paintMs ?? Number.NaN)));
    return {
      row: 'c',
      what: `a frame of the timeline in the page, ${rounded(size)} events taken, ${rounded(stored)} of them stored`,
      unit: `of that with ${rounded(least)} stored`,
      values: ratios,
      ...(size === 1_000_000 && { bar: atMost(1.3) }),
      context: `asking to answer ${rounded(median(many.map((one) => one.answerMs)))} ms, sorting and painting ${rounded(median(many.map((one) => one.paintMs)))} ms, main thread ${rounded(median(many.map((one) => one.mainMs)))} ms a move; with ${rounded(least)}: ${rounded(median(few.map((one) => one.answerMs)))}, ${rounded(median(few.map((one) => one.paintMs)))}, ${rounded(median(few.map((one) => one.mainMs)))} ms`,
      limit: stored < size ? 'the page keeps no more events than that' : 'sorting and painting what is on the screen',
    };
  });
}

async function fill(stage: Stage, subject: Subject, events: number, perFrame: 1 | 50, rate: number | undefined): Promise<number> {
  const before = (await subject.sample()).events;
  await stage.begin({ perFrame, most: events, ...(rate !== undefined && { rate }) });
  for (const end = performance.now() + 120_000; (await stage.state()).sent < events; await pause(50)) {
    if (performance.now() > end) throw new Error(`The page did not take ${events} events in 120 s.`);
  }
  const missing = await missingAfterDrain(stage, subject, before);
  if (missing !== 0) throw new Error(`${missing} events are missing while the store is filled.`);
  return (await subject.sample()).events - before;
}

const turns = 40;
const stored = z.number();
const painted = 'window.runwatch.painted()';
const paintedSchema = z.object({ count: z.number(), newest: z.array(z.object({ events: z.number(), answerMs: z.number(), paintMs: z.number() })) });

/** Shows the stretch that began at `from`, and moves it by some ms, forty times. */
async function moveAbout({ page }: Subject, from: number): Promise<Figures> {
  const show = (shift: number): string => {
    const at = (ms: number): string => new Date(ms).toISOString();
    return `(history.replaceState(null, '', '?view=live&env=bench&from=${at(from + shift)}&to=${at(from + shownMs + shift)}'), dispatchEvent(new PopStateEvent('popstate')), 0)`;
  };
  await page.evaluate(z.number(), show(0));
  await pause(1000);
  const before = await page.evaluate(paintedSchema, painted);
  const busyBefore = await page.busySeconds();
  for (let turn = 1; turn <= turns; turn += 1) {
    await page.evaluate(z.number(), show(turn));
    // A few frames for each, and no more than one move under way.
    await pause(60);
  }
  const busy = (await page.busySeconds()) - busyBefore;
  await page.until(`${painted}.then(({ count }) => count >= ${before.count + turns / 2})`, 5000, 50);
  const { count, newest } = await page.evaluate(paintedSchema, painted);
  const pictures = newest.slice(-Math.min(newest.length, count - before.count));
  if (pictures.some((picture) => picture.events === 0)) throw new Error('The stretch on the screen shows no single events.');
  return {
    stored: await page.evaluate(stored, 'window.runwatch.counts().then(({ environments }) => environments.bench.monitor.stored)'),
    answerMs: median(pictures.map((picture) => picture.answerMs)),
    paintMs: median(pictures.map((picture) => picture.paintMs)),
    mainMs: (busy * 1000) / turns,
  };
}
