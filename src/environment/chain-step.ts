import type { EpochMs } from '#base/units.ts';
import type { EnvironmentKind } from './schema.ts';

/** What the chain has to know of an environment. */
export interface ChainLink {
  readonly id: string;
  readonly kind: EnvironmentKind;
  /** How long it is asked in vain how it is; and once it is healthy, how long a first connection may take. */
  readonly startupTimeoutMs: number;
  readonly healthIntervalMs: number;
  /** Names of the values that must be entered before it can be watched. */
  readonly needs: readonly string[];
}

export type StepState =
  /** It is asked how it is, then connected to. */
  | 'trying'
  /** Healthy and connected; it stays until it fails. */
  | 'in-use'
  /** Tried and not healthy; or it cannot be tried. `reason` says why. */
  | 'refused'
  /** Not needed so far. */
  | 'standby'
  /** The preferred one is healthy again, and waits for somebody to take it. */
  | 'offered'
  /** It is used only if somebody says so: a value has to be entered, or production would be left. */
  | 'needs-consent';

/** One answer to the question how an environment is, as of `at`. */
export interface ChainTry {
  readonly at: EpochMs;
  readonly durationMs: number | null;
  readonly ok: boolean;
  readonly reason: string | null;
}

/** What is behind a failure, as far as the monitor could find out. */
export interface ChainDiagnosis {
  readonly sentence: string;
  readonly remedy: string;
  /** What it is not, in words. */
  readonly ruledOut: readonly string[];
}

/** One environment of the chain, and how it fared. */
export interface ChainStep {
  readonly id: string;
  readonly state: StepState;
  /** When it came into this state. */
  readonly since: EpochMs;
  /** When it was last begun to be tried; null while that never happened. */
  readonly triedAt: EpochMs | null;
  /** What it answered since then, until it was healthy or refused; the oldest first. */
  readonly tries: readonly ChainTry[];
  /** When its health was good, and it was therefore connected to. */
  readonly healthyAt: EpochMs | null;
  /** When it was both healthy and connected. */
  readonly upAt: EpochMs | null;
  /** Why it is not used. */
  readonly reason: string | null;
  /** What was found out about it while it was watched. */
  readonly diagnosis: ChainDiagnosis | null;
  /** Pause from an answer to the next question; null: it is not asked. */
  readonly askEveryMs: number | null;
  /** Its newest answer, and since when all were good; null where the newest is not. */
  readonly newest: ChainTry | null;
  readonly healthySince: EpochMs | null;
  /** When the preferred one will be offered, if it stays healthy. */
  readonly offerAt: EpochMs | null;
  /** Its watch has begun: what is seen of it from now on belongs to this try. */
  readonly watched: boolean;
  /** While in use: since when it is not healthy. */
  readonly failingSince: EpochMs | null;
  /** Trying it again would end the same way until somebody does something about it. */
  readonly locked: boolean;
  /** Names of the values that nobody has entered yet. */
  readonly needs: readonly string[];
}

/** A step that nothing has happened to. */
export const freshStep = ({ id, needs }: ChainLink, at: EpochMs): ChainStep => ({
  id,
  state: 'standby',
  since: at,
  triedAt: null,
  tries: [],
  healthyAt: null,
  upAt: null,
  reason: null,
  diagnosis: null,
  askEveryMs: null,
  newest: null,
  healthySince: null,
  offerAt: null,
  watched: false,
  failingSince: null,
  locked: false,
  needs,
});
