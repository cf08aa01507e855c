import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { Chain } from '#environment/chain.ts';
import { freshStep, type ChainStep } from '#environment/chain-step.ts';
import { idleSnapshot } from '#monitor/environment-snapshot.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { startText, startupAxis, startupRows, type StartupRow } from '#views/environments/startup-rows.ts';
import { environmentOf } from '../../../fixtures/live-world.ts';

const environment = (id: string, change: Partial<EnvironmentSnapshot> = {}): EnvironmentSnapshot => ({ ...idleSnapshot(environmentOf({ id, name: id.toUpperCase() })), ...change });
const links = ['local', 'staging', 'mock'].map((id) => ({ id, kind: 'local' as const, startupTimeoutMs: 30_000, healthIntervalMs: 10_000, needs: [] }));
const chainOf = (inUse: string | null, ...steps: readonly Partial<ChainStep>[]): Chain => ({ links, steps: links.map((link, index) => ({ ...freshStep(link, epochMs(0)), ...steps[index] })), current: inUse, inUse, kept: null, wish: inUse });
const answer = (at: number, ok: boolean) => ({ at: epochMs(at), durationMs: 40, ok, reason: ok ? null : 'did not answer' });
const startup = {
  startedAt: epochMs(31_400),
  firstOpenAt: epochMs(32_000),
  stages: [
    { stage: 'login', at: epochMs(33_400), connections: 10 },
    { stage: 'connect', at: epochMs(34_000), connections: 10 },
    { stage: 'clock', at: epochMs(34_000), connections: 10 },
    { stage: 'event', at: epochMs(34_500), connections: 1 },
  ],
} as const;

describe('the start along a chain', () => {
  const rows = startupRows(
    [environment('local'), environment('staging', { startup }), environment('mock')],
    chainOf(
      'staging',
      { state: 'refused', triedAt: epochMs(1000), tries: [answer(1010, false), answer(2000, false), answer(31_000, false)], reason: 'did not answer.' },
      { state: 'in-use', triedAt: epochMs(31_100), tries: [answer(31_300, true)], healthyAt: epochMs(31_350), upAt: epochMs(32_100) },
      { newest: answer(31_500, true) },
    ),
  );

  test('shows the tries of the one that did not come up, against its limit', () => {
    expect(rows[0]).toMatchObject({ id: 'local', name: 'LOCAL', from: 1000, limitMs: 30_000, misses: [10, 1000, 30_000], stages: [], upMs: null, failed: true });
    expect(rows[0]?.note).toBe('3 tries; not up in 30 s: did not answer');
  });

  test('shows the stages of the one that did, one after the other', () => {
    expect(rows[1]).toMatchObject({ failed: false, upMs: 1000 });
    expect(rows[1]?.stages).toEqual([
      { name: 'health', fromMs: 160, toMs: 200, connections: null },
      { name: 'login', fromMs: 300, toMs: 2300, connections: 10 },
      { name: 'connect', fromMs: 2300, toMs: 2900, connections: 10 },
      { name: 'clock', fromMs: 2900, toMs: 2900, connections: 10 },
      { name: 'first event', fromMs: 2900, toMs: 3400, connections: 1 },
    ]);
    expect(rows[1]?.note).toBe('up in 1.00 s: health 40 ms, login of 10 2.00 s, connect of 10 600 ms, clock of 10 0.0 ms, first event 500 ms');
  });

  test('says why the last one was left alone', () => {
    expect(rows[2]).toMatchObject({ from: null, misses: [], failed: false, note: 'health answered in 40 ms; not connected, because STAGING is up' });
    expect(rows.map(startText)).toEqual([expect.stringMatching(/^from \d\d:\d\d:01$/), expect.stringMatching(/^from /), 'standby']);
  });

  test('of one that is being tried has no stages of a watch before it', () => {
    const [row] = startupRows([environment('local', { startup })], chainOf(null, { state: 'trying', triedAt: epochMs(40_000), tries: [answer(40_010, false)] }));
    expect(row).toMatchObject({ stages: [], misses: [10], failed: false, note: '1 try; being tried' });
  });

  test('of one that was healthy, but let nobody in, or was never tried, says so', () => {
    const [healthy, untried] = startupRows(
      [environment('local', { startup: null }), environment('staging')],
      chainOf(null, { state: 'refused', triedAt: epochMs(0), tries: [answer(50, true)], healthyAt: epochMs(60), reason: 'it refused the sign-in.' }, { state: 'refused', reason: 'it needs a value for KEY' }),
    );
    expect([healthy?.note, healthy?.stages.length, untried?.note]).toEqual(['not up: it refused the sign-in', 1, 'not tried: it needs a value for KEY']);
  });
});

describe('the start without a chain', () => {
  test('is that of whatever is watched', () => {
    const rows = startupRows([environment('local', { startup, phase: 'watching' }), environment('staging', { startup }), environment('mock')], undefined);
    expect(rows.map(({ id, upMs, from }) => [id, upMs, from])).toEqual([['local', 600, 31_400]]);
    expect(rows[0]?.stages[0]).toEqual({ name: 'login', fromMs: 0, toMs: 2000, connections: 10 });
  });

  test('that failed says why', () => {
    const stuck = { startedAt: epochMs(0), firstOpenAt: null, stages: [] };
    const [row] = startupRows([environment('local', { startup: stuck, phase: 'failed', problem: { reason: 'x', message: 'It was refused.', remedy: '' } })], undefined);
    expect(row).toMatchObject({ failed: true, note: 'not up: It was refused' });
    expect(startupRows([environment('local', { startup: stuck, phase: 'starting' })], undefined)[0]?.note).toBe('not up yet');
  });
});

describe('the axis', () => {
  const row = (change: Partial<StartupRow>): StartupRow => ({ id: 'a', name: 'A', mock: false, from: epochMs(0), limitMs: 30_000, misses: [], stages: [], upMs: null, failed: false, note: '', ...change });

  test('reaches behind the limit, with ticks on round seconds', () => {
    expect(startupAxis([row({})], 8)).toEqual({ endMs: 34_500, ticks: [0, 5000, 10_000, 15_000, 20_000, 25_000, 30_000] });
    expect(startupAxis([row({ limitMs: 1500 })], 5).ticks).toEqual([0, 500, 1000, 1500]);
  });

  test('reaches behind whatever came later, and has room for few ticks', () => {
    expect(startupAxis([row({ misses: [40_000] })], 3)).toEqual({ endMs: 41_200, ticks: [0, 20_000, 40_000] });
    expect(startupAxis([], 0)).toEqual({ endMs: 1000, ticks: [0, 1000] });
  });
});
