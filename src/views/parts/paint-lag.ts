/** How many of the newest measurements are kept. */
const kept = 256;

const lags: number[] = [];

/**
 * The newest delays, in milliseconds, from a socket's callback in the worker to the end of the frame that drew what it brought;
 * oldest first. Of each frame, the delay of what had waited longest.
 */
export const paintLags = (): readonly number[] => lags;

export function notePaintLags(newest: readonly number[]): void {
  lags.push(...newest);
  lags.splice(0, lags.length - kept);
}

/** What the picture of one answer of the monitor took, in milliseconds. */
export interface Picture {
  /** Single events in it; 0 where it is a density. */
  readonly events: number;
  /** From the question to the answer. */
  readonly answerMs: number;
  /** Sorting and painting. */
  readonly paintMs: number;
}

const pictures: Picture[] = [];
let painted = 0;

/** How many pictures the timeline's painter made so far, and the newest of them; oldest first. */
export const paintedPictures = (): { readonly count: number; readonly newest: readonly Picture[] } => ({ count: painted, newest: pictures });

export function notePictures(newest: readonly Picture[]): void {
  painted += newest.length;
  pictures.push(...newest);
  pictures.splice(0, pictures.length - kept);
}
