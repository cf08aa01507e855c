import type { Contract } from '#environment/schema.ts';
import type { TypeDelivery } from '#runs/delivery.ts';
import { clopperPearson, wilson } from '#slo/interval.ts';
import type { CompletenessRow } from './snapshot.ts';

interface TypeSums {
  expected: number;
  delivered: number;
  trials: number;
}

/** Expected and delivered by event type, over runs that were closed complete or incomplete. Trials are runs, since the events of one run fail together. */
export class TypeTally {
  readonly #types = new Map<string, TypeSums>();

  /** Adds (`sign` 1) what one run should have brought and brought, or takes it out (`sign` −1). */
  count(byType: readonly TypeDelivery[], sign: 1 | -1): void {
    byType.forEach(({ type, expected, delivered }, index) => {
      let sums = this.#types.get(type);
      if (sums === undefined) this.#types.set(type, (sums = { ...noSums }));
      sums.expected += sign * expected;
      sums.delivered += sign * delivered;
      // A type of two pairs comes twice in one run, which stays one trial.
      if (byType.findIndex((other) => other.type === type) === index) sums.trials += sign;
    });
  }

  of(type: string): Readonly<TypeSums> {
    return this.#types.get(type) ?? noSums;
  }
}

const noSums: Readonly<TypeSums> = { expected: 0, delivered: 0, trials: 0 };

/** Delivered of expected by event type, in the order of the contract: those that it requires, then those of its pairs that came. */
export function completenessOf(tally: TypeTally, { requiredEvents, pairs }: Pick<Contract, 'requiredEvents' | 'pairs'>, target: number): CompletenessRow[] {
  const required = new Set(requiredEvents);
  const types = new Set([...required, ...pairs.flat().filter((type) => tally.of(type).trials > 0)]);
  return Array.from(types, (type) => {
    const { expected, delivered, trials } = tally.of(type);
    const ratio = expected === 0 ? null : delivered / expected;
    const exact = ratio === null ? ([0, 1] as const) : clopperPearson(ratio * trials, trials);
    return {
      type,
      expected,
      delivered,
      trials,
      ratio,
      interval: ratio === null ? ([0, 1] as const) : wilson(ratio * trials, trials),
      exact,
      verdict: ratio === null ? 'no-data' : exact[0] >= target ? 'met' : exact[1] < target ? 'missed' : 'unproven',
    };
  });
}
