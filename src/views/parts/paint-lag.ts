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
