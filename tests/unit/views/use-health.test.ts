import { expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { beginFallback } from '#monitor/fallback.ts';
import { idleSnapshot } from '#monitor/environment-snapshot.ts';
import { healthAsks } from '#views/use-health.ts';
import { environmentOf } from '../../fixtures/live-world.ts';

const local = idleSnapshot(environmentOf({ id: 'local', fallback: ['mock'] }));
const mock = idleSnapshot(environmentOf({ id: 'mock', health: { intervalMs: 2000 } }));
const other = idleSnapshot(environmentOf({ id: 'other' }));

test('whoever was not chosen is left alone', () => {
  expect(healthAsks([local, mock, other], undefined, true)).toEqual([]);
});

test('whoever is watched is asked in its own interval', () => {
  expect(healthAsks([local, { ...mock, phase: 'failed' }, { ...other, phase: 'watching' }], undefined, false)).toEqual([
    { id: 'mock', everyMs: 2000, from: 0 },
    { id: 'other', everyMs: 10_000, from: 0 },
  ]);
});

test('a chain says whom it wants to know about; one on standby is asked while somebody looks', () => {
  const chain = beginFallback([local, mock, other], 'local', epochMs(5000));
  expect(healthAsks([local, mock, other], chain, false)).toEqual([{ id: 'local', everyMs: 1000, from: 5000 }]);
  expect(healthAsks([local, mock, other], chain, true)).toEqual([
    { id: 'local', everyMs: 1000, from: 5000 },
    { id: 'mock', everyMs: 2000, from: 0 },
  ]);
});
