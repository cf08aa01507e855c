import { carriages, combinationInUse, trialTransports, whyImpossible, type Combination, type Impossibility } from '#connection/combination.ts';
import type { TrialResult } from '#connection/trial.ts';
import type { Environment } from '#environment/schema.ts';
import type { Problem } from './snapshot.ts';

/** One way to connect to an environment and to sign in there. */
export interface TrialCell {
  readonly combination: Combination;
  /** True for the one by which the environment is watched. */
  readonly inUse: boolean;
  /** Why it cannot even be tried; null where it can. */
  readonly impossible: Impossibility | null;
}

/** What became of a trial; or what kept it from beginning, such as a value that the file leaves open. */
export type TrialAnswer = TrialResult | { readonly kind: 'not-started'; readonly problem: Problem };

/** Every transport with every way to carry the token, transport by transport. */
export function trialCells(environment: Environment): readonly TrialCell[] {
  const used = combinationInUse(environment);
  return trialTransports.flatMap((transport) =>
    carriages.map((carriage) => ({
      combination: { transport, carriage },
      inUse: used.transport === transport && used.carriage === carriage,
      impossible: whyImpossible(environment, { transport, carriage }) ?? null,
    })),
  );
}
