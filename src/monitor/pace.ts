import type { Clock } from '#base/clock.ts';
import { between, durationMs } from '#base/units.ts';

/** How long work may go on at once, in milliseconds, so that sockets and pictures hardly notice. */
const sliceMs = 12;

/** Parts long work into slices. */
export interface Pace {
  /** Milliseconds of some clock. */
  now(): number;
  /** The slice is over: `rest` is due. */
  isDue(): boolean;
  /** Resolves when whatever waited has been done; a new slice begins then. */
  rest(): Promise<void>;
}

/** Slices of 12 ms. */
export function createPace(clock: Clock): Pace {
  let began = clock.now();
  return {
    now: () => clock.now(),
    isDue: () => between(began, clock.now()) >= sliceMs,
    rest: async () => {
      await new Promise<void>((resolve) => {
        clock.after(durationMs(0), resolve);
      });
      began = clock.now();
    },
  };
}
