import type { Measurement } from '../measurement.ts';
import type { Stage } from '../stage.ts';

export interface RowOptions {
  readonly rounds: number;
  /** Fewer cases and shorter windows: to see that it works, not to quote. */
  readonly quick: boolean;
  /** For how long the memory is watched. */
  readonly heapMinutes: number;
  /** The folder of the built page. */
  readonly root: string;
  /** Browser, sender and built page; started when the first row asks. */
  readonly stage: () => Promise<Stage>;
}

export type Row = (options: RowOptions) => Promise<Measurement[]>;
