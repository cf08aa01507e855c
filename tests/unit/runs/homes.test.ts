import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { capturedContractSchema } from '#environment/schema.ts';
import { contractRules } from '#runs/contract.ts';
import { Homes } from '#runs/homes.ts';
import { Run } from '#runs/run.ts';
import { RunConnection } from '#runs/run-connection.ts';

const rules = contractRules(capturedContractSchema.parse({}));
const [here, there] = [new RunConnection('local#0'), new RunConnection('local#1')];
const runOn = (connection: RunConnection, ordinal: number): Run => new Run(rules, connection, ordinal, 1, epochMs(0), false);

describe('homes', () => {
  test('an id that nothing holds is forgotten in time, and a guess is no better than the look-up', () => {
    const homes = new Homes(100);
    const home = homes.settle('r1', here, 0);
    expect(homes.named('r1', 50, home)).toBe(home);
    expect(homes.named('r2', 50, home)).toBeUndefined();
    expect(homes.named('r1', 150, home)).toBeUndefined();
    const next = homes.settle('r1', there, 150);
    expect(homes.named('r1', 160, home)).toBe(next);
    expect([next.connection, homes.size]).toEqual([there, 1]);
  });

  test('a held id stays until its last holder is forgotten, whatever the time', () => {
    const homes = new Homes(100);
    const home = homes.settle('r1', here, 0);
    const [early, late] = [runOn(here, 1), runOn(there, 2)];
    homes.hold('r1', late);
    homes.hold('r1', early);
    expect(home.holders).toEqual([early, late]);
    homes.sweep(1000);
    homes.release('r1', early);
    expect(homes.named('r1', 5000, home)?.holders).toEqual([late]);
    homes.release('r1', late);
    expect([homes.named('r1', 5000, home), homes.size]).toEqual([undefined, 0]);
  });

  test('the first trigger moves it, the second does not', () => {
    const homes = new Homes(100);
    const home = homes.settle('r1', here, 0);
    homes.trigger('r1', there, 1);
    expect(home.connection).toBe(there);
    homes.trigger('r1', here, 2);
    expect(home.connection).toBe(there);
  });

  test('ids that go with their runs leave nothing behind, and the others wait for their time', () => {
    const homes = new Homes(1000);
    homes.settle('waits', here, 0);
    for (let n = 0; n < 5000; n += 1) {
      const run = runOn(here, n);
      homes.settle(`r${n}`, here, n / 10);
      homes.hold(`r${n}`, run);
      homes.release(`r${n}`, run);
      homes.sweep(n / 10);
    }
    expect(homes.size).toBe(1);
    homes.sweep(999);
    expect(homes.size).toBe(1);
    homes.sweep(1000);
    expect(homes.size).toBe(0);
  });
});
