import type { EpochMs } from '#base/units.ts';
import { epochMs } from '#base/units.ts';
import type { Environment } from '#environment/schema.ts';
import { knownState, stateWord, type KnownState, type StateWord } from '#slo/state-word.ts';
import type { Streak } from '#slo/streaks.ts';
import type { RecordingSource } from './recording-source.ts';
import type { SloReport } from './report.ts';

/** How an environment stands, and what its state word follows from. */
export interface Standing {
  readonly state: StateWord;
  /** What the figures tell, whatever their age. */
  readonly known: KnownState;
  readonly streaks: readonly Streak[];
  /** Events shown to the wrong user in the window. */
  readonly crossTalk: number;
  /** When the newest frame came, and how long ago that is; undefined where none did, or none is expected. */
  readonly newest: { readonly at: EpochMs; readonly ageMs: number } | undefined;
  readonly expectedIntervalMs: number;
}

/** Every target sends something this often while nothing else happens: a heartbeat, or the answer to a clock question. */
const idleIntervalMs = 15_000;
const hourMs = 3_600_000;

/** The state word of an environment at `now`, by what `slo` says of its window: the one place where it is found. */
export function standingOf(source: Pick<RecordingSource, 'recording' | 'statuses' | 'blindNow' | 'isPast'>, slo: SloReport, now: EpochMs): Standing {
  const { recording } = source;
  const { environment } = recording;
  const crossTalk = recording.minutes.after(epochMs(now - environment.slo.windowMs)).reduce((sum, minute) => sum + minute.crossTalk, 0);
  const streaks = recording.streaks.active();
  const firing = recording.burn.filter((alert) => alert.firing);
  const facts = {
    ...slo,
    page: streaks.length > 0 || firing.some((alert) => alert.rule.urgency === 'page'),
    ticket: firing.some((alert) => alert.rule.urgency === 'ticket'),
    crossTalk,
  };
  const isClosed = source.statuses().every((status) => status.state === 'closed');
  // Nothing is expected of connections that were closed on purpose: what is known of them does not go stale.
  const newest = recording.newestAt === undefined || isClosed || source.isPast ? undefined : { at: recording.newestAt, ageMs: Math.max(0, now - recording.newestAt) };
  const expectedIntervalMs = expectedInterval(environment, recording.lanes.length);
  const state = stateWord(facts, { blind: source.blindNow, newestAgeMs: newest?.ageMs ?? null, expectedIntervalMs });
  return { state, known: knownState(facts), streaks, crossTalk, newest, expectedIntervalMs };
}

/** How often something comes while all is well: in probe mode with every trigger of all connections together. */
function expectedInterval({ mode, probe }: Environment, connections: number): number {
  return mode === 'probe' ? Math.max(1000, probe.everyMs / connections, hourMs / probe.maxRunsPerHour) : idleIntervalMs;
}

/** The same of one connection: in probe mode an event with every trigger of its own. */
export const connectionInterval = ({ mode, probe }: Environment, connections: number): number =>
  mode === 'probe' ? Math.max(1000, probe.everyMs, (connections * hourMs) / probe.maxRunsPerHour) : idleIntervalMs;
