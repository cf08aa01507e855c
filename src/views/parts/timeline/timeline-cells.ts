import { eventStyle } from '#views/parts/event-style.ts';
import { localTime } from '#views/parts/format.ts';
import { missingWords } from '#views/parts/run-words.ts';
import type { LaneLayout, RunBar } from './timeline-layout.ts';

/** `run r-e72b38, incomplete, S T E, missing tool_completed, 15:11:26` */
export function runWords({ run, events }: Pick<RunBar, 'run' | 'events'>): string {
  const letters = run.letters === '' ? events.map((event) => eventStyle(event.type).letter) : [...run.letters].filter((letter) => letter !== '·');
  return [`run ${run.id}`, run.status, letters.join(' '), missingWords(run.missing), localTime.time(run.openedAt), run.matches === false ? 'outside the filter' : ''].filter((part) => part !== '').join(', ');
}

/** Where the keyboard begins: the newest run of the first lane that has one. */
export const newestBar = (lanes: readonly LaneLayout[]): RunBar | undefined => lanes.find((lane) => lane.bars.length > 0)?.bars.at(-1);

/** The run that an arrow key leads to: along the lane, or to the run of the next lane that is closest in time. */
export function neighbourOf(lanes: readonly LaneLayout[], from: RunBar, key: string): RunBar | undefined {
  const own = lanes[from.lane]?.bars ?? [];
  const place = own.findIndex((bar) => bar.run.id === from.run.id);
  if (key === 'Home') return own[0];
  if (key === 'End') return own.at(-1);
  if (key === 'ArrowLeft') return own[place - 1];
  if (key === 'ArrowRight') return own[place + 1];
  const step = key === 'ArrowUp' ? -1 : 1;
  for (let lane = from.lane + step; lane >= 0 && lane < lanes.length; lane += step) {
    const closest = lanes[lane]?.bars.toSorted((left, right) => Math.abs(left.openedAt - from.openedAt) - Math.abs(right.openedAt - from.openedAt))[0];
    if (closest !== undefined) return closest;
  }
  return undefined;
}
