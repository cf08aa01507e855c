import type { RunReport } from '#monitor/report.ts';
import type { RunBeside } from '#monitor/snapshot.ts';
import { byRunOrder } from '#views/parts/event-style.ts';

/** An event of a run, or one that it lacks, in milliseconds after the run was opened. */
export interface BesideMark {
  readonly type: string;
  readonly afterMs: number;
  readonly missing: boolean;
}

export interface BesideBar {
  readonly marks: readonly BesideMark[];
  /** Its last event, or its close where it waited in vain. */
  readonly endMs: number;
}

/** Steps of the axis in seconds. */
const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300];
const mostSteps = 4;
const missingShare = 0.1;

/** A run from its trigger on: what came, and what never came, after that behind which it belongs. */
export function besideBar({ run, events }: RunBeside): BesideBar {
  const came = events.map(({ type, at }) => ({ type, afterMs: at - run.openedAt, missing: false }));
  const lastMs = came.reduce((latest, { afterMs }) => Math.max(latest, afterMs), 0);
  const endMs = run.status === 'incomplete' && run.closedAt !== null ? Math.max(lastMs, run.closedAt - run.openedAt) : lastMs;
  const lacking = run.status === 'running' ? [] : run.missing.toSorted(byRunOrder);
  const places = lacking.map((type) => came.findLastIndex((mark) => byRunOrder(mark.type, type) <= 0));
  const missing = lacking.map((type, index): BesideMark => {
    const place = places[index] ?? -1;
    const from = came[place]?.afterMs ?? 0;
    const to = came[place + 1]?.afterMs;
    // Those that lack at one place stand there side by side.
    const behind = places.slice(0, index).filter((other) => other === place).length + 1;
    const together = places.filter((other) => other === place).length + 1;
    const step = to === undefined ? Math.min(missingShare * Math.max(endMs, 1), (endMs - from) / together) : (to - from) / together;
    return { type, afterMs: from + behind * Math.max(0, step), missing: true };
  });
  return { marks: [...came, ...missing], endMs };
}

/** The end of an axis that holds so much, and its ticks, both in milliseconds. */
export function besideAxis(longestMs: number): { readonly endMs: number; readonly ticks: readonly number[] } {
  const step = 1000 * (steps.find((each) => longestMs <= mostSteps * 1000 * each) ?? Math.ceil(longestMs / 1000 / mostSteps));
  const count = Math.max(1, Math.ceil(longestMs / step));
  return { endMs: count * step, ticks: Array.from({ length: count + 1 }, (_, n) => n * step) };
}

/** In a sentence, for those who cannot see it. */
export function besideWords(run: RunReport, { marks }: BesideBar): string {
  const came = marks.filter(({ missing }) => !missing).length;
  const lacking = marks.flatMap(({ type, missing }) => (missing ? [type] : []));
  return `${run.id}: ${came} events${lacking.length === 0 ? '' : `, without ${lacking.join(', ')}`}`;
}
