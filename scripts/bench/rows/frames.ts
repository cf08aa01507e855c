import { z } from 'zod';
import { atLeast, atMost, type Measurement, pause, say } from '../measurement.ts';
import { missingAfterDrain, type Stage } from '../stage.ts';
import { median, quantile, rounded } from '../statistics.ts';
import type { RowOptions } from './row.ts';

/** Notes every frame and every long task, from before the page's own scripts. */
export const frameNotes = `
  window.frameNotes = { frames: [], longTasks: [] };
  (function note(at) {
    window.frameNotes.frames.push(at);
    requestAnimationFrame(note);
  })(performance.now());
  new PerformanceObserver((list) => window.frameNotes.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });`;

const notes = z.object({ frames: z.array(z.number()), longTasks: z.array(z.number()) });
/** Takes the notes, and begins new ones. */
export const takeNotes = '(() => { const notes = window.frameNotes; window.frameNotes = { frames: [], longTasks: [] }; return notes; })()';

const rates = [1000, 5000, 10_000] as const;
const connections = 10;

interface Phase {
  readonly fps: number;
  readonly p99Ms: number;
  readonly longTasks: readonly number[];
  readonly busy: number;
  readonly missing: number;
}

/** How evenly the page draws while events come, against the same page while none come. */
export async function framesRow({ stage, rounds, quick }: RowOptions): Promise<Measurement[]> {
  const windowMs = quick ? 2500 : 4000;
  const phases = new Map<number, Phase[]>([0, ...rates].map((rate) => [rate, []]));
  for (let round = 0; round < rounds; round += 1) {
    const subject = await (await stage()).watch({ wire: 'websocket', connections }, frameNotes);
    try {
      await pause(1500);
      // The order turns round, so that neither the cold page nor the full one always meets the same rate.
      const order = round % 2 === 0 ? [0, ...rates] : [...rates.toReversed(), 0];
      for (const rate of order) {
        const phase = await measurePhase(await stage(), subject, rate, windowMs);
        phases.get(rate)?.push(phase);
        say(`   round ${round + 1}, ${rounded(rate)} events/s: ${rounded(phase.fps)} fps, p99 ${rounded(phase.p99Ms)} ms, ${phase.longTasks.length} long tasks, main thread ${Math.round(phase.busy * 100)} %`);
      }
    } finally {
      await (await stage()).stop();
      await subject.close();
    }
  }
  const idle = phases.get(0) ?? [];
  return rates.flatMap((rate) => {
    const of = phases.get(rate) ?? [];
    const missing = of.reduce((sum, phase) => sum + phase.missing, 0);
    const longest = Math.max(0, ...of.flatMap((phase) => phase.longTasks));
    const figures = `${rounded(median(of.map((phase) => phase.fps)))} fps against ${rounded(median(idle.map((phase) => phase.fps)))} idle; frame p99 ${rounded(median(of.map((phase) => phase.p99Ms)))} ms; main thread ${Math.round(median(of.map((phase) => phase.busy)) * 100)} % busy`;
    const held = rate === 10_000;
    return [
      {
        row: 'b',
        what: `frames at ${rounded(rate)} events/s, one a frame, 10 connections`,
        unit: 'of the idle frame rate',
        values: of.map((phase, round) => phase.fps / (idle[round]?.fps ?? Number.NaN)),
        ...(held && { bar: atLeast(0.95) }),
        context: `${figures}; ${missing === 0 ? 'none lost' : `${missing} events missing`}`,
        limit: 'painting without a GPU, on cores that sender and browser share',
      },
      {
        row: 'b',
        what: `tasks over 50 ms on the main thread at ${rounded(rate)} events/s`,
        unit: 'a round',
        values: of.map((phase) => phase.longTasks.length),
        ...(held && { bar: atMost(0) }),
        context: longest === 0 ? 'none' : `the longest ${rounded(longest)} ms`,
        limit: 'what React and Recharts render in one go',
      },
    ];
  });
}

async function measurePhase(stage: Stage, subject: Awaited<ReturnType<Stage['watch']>>, rate: number, windowMs: number): Promise<Phase> {
  const { page } = subject;
  const before = (await subject.sample()).events;
  if (rate > 0) await stage.begin({ perFrame: 1, rate });
  await pause(rate > 0 ? 1500 : 300);
  await page.evaluate(z.unknown(), `(${takeNotes}, 0)`);
  const busyBefore = await page.busySeconds();
  const since = performance.now();
  await pause(windowMs);
  const busy = (await page.busySeconds()) - busyBefore;
  const seconds = (performance.now() - since) / 1000;
  const { frames, longTasks } = await page.evaluate(notes, takeNotes);
  const deltas = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
  const missing = rate > 0 ? await missingAfterDrain(stage, subject, before) : 0;
  return { fps: 1000 / mean(deltas), p99Ms: quantile(deltas, 0.99), longTasks, busy: busy / seconds, missing };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
