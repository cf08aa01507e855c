import type { EpochMs } from '#base/units.ts';
import type { EnvironmentSnapshot, StateWord as StateName } from '#monitor/snapshot.ts';

export const stateWords: Readonly<Record<StateName, string>> = {
  ok: 'OK',
  'at-risk': 'AT RISK',
  breached: 'BREACHED',
  unproven: 'UNPROVEN',
  'no-data': 'NO DATA',
  stale: 'STALE',
  blind: 'BLIND',
};

/** When each state holds, for the help sheet. */
export const stateReadings: Readonly<Record<StateName, string>> = {
  ok: 'proven at or above target, no alert fires',
  'at-risk': 'below target, not yet refuted; or a ticket alert',
  breached: 'refuted, a page alert, or one leak',
  unproven: 'at target or above, too few runs to say',
  'no-data': 'no run was counted',
  stale: 'no record for 2 intervals',
  blind: 'this monitor could not be trusted',
};

const severity: readonly StateName[] = ['breached', 'stale', 'blind', 'at-risk', 'no-data', 'unproven', 'ok'];

/** Worst first; equals by lower ratio; what is not watched last. */
export function bySeverity(left: EnvironmentSnapshot, right: EnvironmentSnapshot): number {
  const standby = Number(left.phase === 'idle') - Number(right.phase === 'idle');
  if (standby !== 0) return standby;
  return severity.indexOf(left.state) - severity.indexOf(right.state) || (left.slo.ratio ?? 2) - (right.slo.ratio ?? 2);
}

/** How old the newest data are, in visual.md's levels. */
export type AgeLevel = 'none' | 'live' | 'late' | 'stale' | 'dead' | 'past';

/** From this many expected intervals on, old data get a band over the full width. */
const deadIntervals = 20;
/** Snapshots come 4 times a second; without one for this long the monitor itself has stopped. */
const silentMonitorMs = 5000;

export interface Freshness {
  readonly level: AgeLevel;
  readonly ageMs: number | null;
  readonly newestAt: EpochMs | null;
}

/**
 * @param snapshotAt when the snapshot was made, @param now the monitor's clock now
 * @returns how fresh the data are that a view shows. Also answers when the monitor itself has fallen silent, and so cannot say it.
 */
export function freshnessOf(
  environment: Pick<EnvironmentSnapshot, 'state' | 'newestAt' | 'expectedIntervalMs' | 'phase' | 'opened'>,
  snapshotAt: EpochMs,
  now: EpochMs,
): Freshness {
  const { newestAt, expectedIntervalMs, phase, state, opened } = environment;
  if (newestAt === null) return { level: 'none', ageMs: null, newestAt: null };
  // Nothing is expected any more of a capture: it is as old as it was at the moment that is shown.
  if (opened !== null) return { level: 'past', ageMs: Math.max(0, opened.at - newestAt), newestAt };
  const ageMs = Math.max(0, now - newestAt);
  // What was learnt before the operator disconnected is only a memory too, though nobody waits for news.
  if (phase === 'idle') return { level: 'stale', ageMs, newestAt };
  const silent = now - snapshotAt > Math.max(silentMonitorMs, 2 * expectedIntervalMs);
  const old = ageMs >= 2 * expectedIntervalMs;
  const level = state !== 'stale' && !silent ? (old ? 'late' : 'live') : ageMs > deadIntervals * expectedIntervalMs ? 'dead' : 'stale';
  return { level, ageMs, newestAt };
}

/** The state that a view shows: stale covers any other one, because that is then only a memory. */
export const shownState = (state: StateName, freshness: Freshness): StateName =>
  freshness.level === 'stale' || freshness.level === 'dead' ? 'stale' : state;
