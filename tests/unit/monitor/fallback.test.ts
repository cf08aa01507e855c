import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { idleSnapshot } from '#monitor/environment-snapshot.ts';
import { advanceFallback, beginFallback } from '#monitor/fallback.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { environmentOf } from '../../fixtures/live-world.ts';

const local = idleSnapshot(environmentOf({ id: 'local', fallback: ['mock', 'staging'], startupTimeoutMs: 5000 }));
const staging = idleSnapshot(environmentOf({ id: 'staging', kind: 'staging', auth: { method: 'token', token: '${KEY}', carry: 'query' } }));
const mock = idleSnapshot(environmentOf({ id: 'mock', kind: 'mock' }));
const answered = (environment: EnvironmentSnapshot, at: number, ok: boolean): EnvironmentSnapshot => ({
  ...environment,
  health: { place: 'x', newest: { at: epochMs(at), ok, status: 200, durationMs: 3, version: null, reason: ok ? null : 'it says no' }, healthySince: null, from: epochMs(at), asked: 1, good: 0, recent: [], failures: [], versions: [] },
});

describe('a chain', () => {
  test('is the preferred environment, then its fallbacks in their order', () => {
    const chain = beginFallback([mock, staging, local], 'local', epochMs(1000));
    expect(chain?.steps.map(({ id, state, needs }) => [id, state, needs])).toEqual([
      ['local', 'trying', []],
      ['mock', 'standby', []],
      ['staging', 'standby', ['KEY']],
    ]);
    expect(chain?.links[0]).toMatchObject({ startupTimeoutMs: 5000, healthIntervalMs: 10_000, kind: 'local' });
  });

  test('is none where there is no fallback, or no such environment', () => {
    expect([beginFallback([mock, local], 'mock', epochMs(0)), beginFallback([mock], 'moon', epochMs(0))]).toEqual([undefined, undefined]);
  });

  test('learns from snapshots, and from what is said', () => {
    const begun = beginFallback([local, mock], 'local', epochMs(1000));
    if (begun === undefined) throw new Error('there is a fallback');
    const at = epochMs(6500);
    const refused = advanceFallback(begun, { kind: 'snapshot', snapshot: { at, environments: [answered(local, 6400, false), mock], opened: [], archive: null } });
    expect(refused.steps.map(({ state, reason }) => [state, reason])).toEqual([
      ['refused', 'it says no'],
      ['trying', null],
    ]);
    const healthy = advanceFallback(refused, { kind: 'snapshot', snapshot: { at: epochMs(7000), environments: [local, answered(mock, 6900, true)], opened: [], archive: null } });
    expect(healthy.wish).toBe('mock');
    expect(advanceFallback(healthy, { kind: 'use', at: epochMs(7100), id: 'local' }).steps.map(({ state }) => state)).toEqual(['trying', 'standby']);
  });
});
