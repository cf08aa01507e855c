import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { capturedContractSchema } from '#environment/schema.ts';
import { contractRules } from '#runs/contract.ts';
import { Identities, identityWith, type Identity } from '#runs/identities.ts';
import { Run } from '#runs/run.ts';
import { RunConnection } from '#runs/run-connection.ts';

const rules = contractRules(capturedContractSchema.parse({}));
const connection = new RunConnection('local#0');

/** The table, and the same in a plain map. */
class Both {
  readonly table = new Identities();
  readonly naive = new Map<string, Run>();
  readonly runs = new Map<number, Run>();
  #opened = 0;

  open(): Run {
    const run = new Run(rules, connection, this.#opened, this.#opened + 1, epochMs(0), false);
    this.#opened += 1;
    this.runs.set(run.ordinal, run);
    return run;
  }

  /** An event of this identity comes for a run; true if it came before. */
  came(identity: Identity, run: Run): boolean {
    const found = this.table.find(identity, this.runs);
    if (found !== this.naive.get(identity.text)) throw new Error(`The table and the map differ at ${identity.text}`);
    if (found !== undefined) return true;
    this.naive.set(identity.text, run);
    this.table.add(identity, run, this.runs);
    return false;
  }

  forget(run: Run): void {
    this.runs.delete(run.ordinal);
    this.table.forget(run);
    for (const text of run.identities) this.naive.delete(text);
  }
}

describe('identities', () => {
  test('are found as in a plain map, while runs come and go, wherever their hashes fall', () => {
    const step = fc.record({ text: fc.nat({ max: 400 }), opens: fc.nat({ max: 9 }), forgets: fc.nat({ max: 19 }) });
    const hashOf = fc.constantFrom(identityWith, (text: string): Identity => ({ text, hash: text.length }), (text: string): Identity => ({ text, hash: Number(text) % 7 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600 }), hashOf, (steps, identity) => {
        const both = new Both();
        let run = both.open();
        for (const { text, opens, forgets } of steps) {
          if (opens === 0) run = both.open();
          const [oldest] = both.runs.values();
          if (forgets === 0 && oldest !== undefined && oldest !== run) both.forget(oldest);
          both.came(identity(String(text)), run);
        }
        for (let text = 0; text <= 400; text += 1) expect(both.table.find(identity(String(text)), both.runs)).toBe(both.naive.get(String(text)));
      }),
    );
  });

  test('of a long stream stay as many as the known runs have, and every one that comes again is known', () => {
    const both = new Both();
    const known: Run[] = [];
    for (let n = 0; n < 2000; n += 1) {
      const run = both.open();
      known.push(run);
      for (let seq = 0; seq < 10; seq += 1) expect(both.came(identityWith(`event-${n}-${seq}`), run)).toBe(false);
      const old = n % 3 === 0 ? undefined : known.shift();
      if (old !== undefined && old !== run) both.forget(old);
    }
    for (const run of known) for (const text of run.identities) expect(both.came(identityWith(text), run)).toBe(true);
    expect(both.table.find(identityWith('event-0-0'), both.runs)).toBeUndefined();
  });

  test('that a target makes up to fall together are told apart', () => {
    const both = new Both();
    const run = both.open();
    const same = (n: number): Identity => ({ text: `t${n}`, hash: 42 });
    for (let n = 0; n < 5000; n += 1) expect(both.came(same(n), run)).toBe(false);
    for (let n = 0; n < 5000; n += 1) expect(both.came(same(n), run)).toBe(true);
    both.forget(run);
    const next = both.open();
    for (let n = 0; n < 5000; n += 1) expect(both.came(same(n), next)).toBe(false);
  });

  test('equal texts have equal hashes, and other texts hardly ever', () => {
    const texts = Array.from({ length: 20_000 }, (_, n) => `event-user-${n % 10}-${String(n).padStart(8, '0')}`);
    expect(new Set(texts.map((text) => identityWith(text).hash)).size).toBeGreaterThan(19_990);
    expect(identityWith(`event-${'1'}`)).toEqual(identityWith('event-1'));
    // The lowest bits choose the slot.
    const lowest = new Set(texts.slice(0, 4096).map((text) => identityWith(text).hash & 4095));
    expect(lowest.size).toBeGreaterThan(2300);
  });
});
