import type { Contract } from '#environment/schema.ts';

/** One pair of the contract, with its place in the list. */
export interface ContractPair {
  readonly index: number;
  readonly opens: string;
  readonly answers: string;
  readonly opensRequired: boolean;
  readonly answersRequired: boolean;
}

/** What the contract says of one event type. */
export interface TypeRole {
  /** Place in `singles` of a required type that is in no pair, else -1. */
  readonly single: number;
  /** The pairs that this type opens, and those that it answers. */
  readonly opens: readonly ContractPair[];
  readonly answers: readonly ContractPair[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isFailure: boolean;
}

/** A contract prepared for judging: every question about a type is one look-up. */
export interface ContractRules {
  readonly contract: Contract;
  /** Required types that are in no pair. */
  readonly singles: readonly string[];
  readonly pairs: readonly ContractPair[];
  /** Every type that the contract names; a type that is not here is required by nobody. */
  readonly roles: ReadonlyMap<string, TypeRole>;
}

/** Prepares a contract. */
export function contractRules(contract: Contract): ContractRules {
  const required = new Set(contract.requiredEvents);
  const pairs = contract.pairs.map(([opens, answers], index) => ({
    index,
    opens,
    answers,
    opensRequired: required.has(opens),
    answersRequired: required.has(answers),
  }));
  const paired = new Set(contract.pairs.flat());
  const singles = [...required].filter((type) => !paired.has(type));
  const named = [...required, ...paired, contract.first, contract.last, ...contract.failureEvents];
  const roles = new Map(
    named.map((type): [string, TypeRole] => [
      type,
      {
        single: singles.indexOf(type),
        opens: pairs.filter((pair) => pair.opens === type),
        answers: pairs.filter((pair) => pair.answers === type),
        isFirst: type === contract.first,
        isLast: type === contract.last,
        isFailure: contract.failureEvents.includes(type),
      },
    ]),
  );
  return { contract, singles, pairs, roles };
}
