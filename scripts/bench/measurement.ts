/** A promise about a figure. `at-least` and `at-most` are judged on the median of the rounds. */
export interface Bar {
  readonly kind: 'at-least' | 'at-most';
  readonly value: number;
}

/** One line of the table: a figure, once per round. */
export interface Measurement {
  /** The row's letter. */
  readonly row: string;
  readonly what: string;
  /** What the figure is: `of the reference`, `ms`, `B`. */
  readonly unit: string;
  readonly values: readonly number[];
  readonly bar?: Bar;
  /** Absolute figures, which drift with the machine. */
  readonly context: string;
  /** What keeps it from being better. */
  readonly limit: string;
}

export const atLeast = (value: number): Bar => ({ kind: 'at-least', value });
export const atMost = (value: number): Bar => ({ kind: 'at-most', value });

/** Whether the median holds the bar; undefined where there is none. */
export function holds(bar: Bar | undefined, median: number): boolean | undefined {
  if (bar === undefined) return undefined;
  return bar.kind === 'at-least' ? median >= bar.value : median <= bar.value;
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
