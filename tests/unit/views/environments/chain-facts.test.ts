import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { Chain } from '#environment/chain.ts';
import { freshStep, type ChainStep } from '#environment/chain-step.ts';
import { idleSnapshot } from '#monitor/environment-snapshot.ts';
import type { EnvironmentSnapshot, HealthAnswer, HealthSnapshot } from '#monitor/snapshot.ts';
import { factsOf, healthText } from '#views/environments/chain-facts.ts';
import { environmentOf } from '../../../fixtures/live-world.ts';

const link = { id: 'local', kind: 'local', startupTimeoutMs: 30_000, healthIntervalMs: 10_000, needs: [] } as const;
const now = epochMs(100_000);
const health = (newest: Partial<HealthAnswer>): HealthSnapshot => ({
  place: 'http://localhost:8000/health',
  newest: { at: now, ok: true, status: 200, durationMs: 87, version: null, reason: null, ...newest },
  healthySince: null,
  from: now,
  asked: 1,
  good: 1,
  recent: [],
  failures: [],
  versions: [],
});
const chain = (inUse: string | null): Chain => ({ links: [link], steps: [], current: inUse, inUse, kept: null, wish: inUse });

function facts(step: Partial<ChainStep>, environment: Partial<EnvironmentSnapshot> = {}, inUse: string | null = null): Map<string, string> {
  const whole = { ...idleSnapshot(environmentOf()), ...environment };
  return new Map(factsOf({ ...freshStep(link, epochMs(0)), ...step }, whole, chain(inUse), (id) => id.toUpperCase(), now));
}

describe('a health answer', () => {
  test.each([
    [{}, 'localhost:8000/health: 200 in 87 ms'],
    [{ ok: false, status: 503, reason: 'HTTP 503' }, 'localhost:8000/health: HTTP 503 in 87 ms'],
    [{ ok: false, reason: 'it says degraded' }, 'localhost:8000/health: it says degraded in 87 ms'],
    [{ ok: false, status: null, reason: 'http://localhost:8000/health did not answer' }, 'localhost:8000/health did not answer'],
    [{ durationMs: null }, 'localhost:8000/health: 200'],
  ])('%j reads %s', (newest, text) => {
    expect(healthText(health(newest))).toBe(text);
  });
});

describe('a card', () => {
  test('in use says what it is connected to, and since when', () => {
    const connections = [0, 1].map((n) => ({ ...({} as EnvironmentSnapshot['connections'][number]), n, state: 'open' as const, transport: 'websocket' as const }));
    const card = facts({ state: 'in-use', since: epochMs(68_000) }, { open: 2, wanted: 2, connections, health: health({ version: '4.12.0' }) }, 'local');
    expect(Object.fromEntries(card)).toEqual({ Health: 'localhost:8000/health: 200 in 87 ms', Version: '4.12.0', Connected: '2 of 2, all on websocket', Since: expect.stringMatching(/^\d\d:\d\d:\d\d, 32 s ago$/) });
    expect(facts({ state: 'in-use', failingSince: epochMs(95_000) }, {}, 'local').get('Failing')).toBe('for 5.0 s; it is left after 30 s');
  });

  test('refused says why, how often it was tried, and what comes next', () => {
    const answer = { at: epochMs(31_000), durationMs: 3, ok: false, reason: 'x' };
    const card = facts({ state: 'refused', reason: 'http://localhost:8000/health did not answer.', triedAt: epochMs(1000), tries: [answer, answer], askEveryMs: 10_000 });
    expect([card.get('Reason'), card.get('Tried'), card.get('Next')]).toEqual(['http://localhost:8000/health did not answer', expect.stringMatching(/^2 times within 30\.0 s, the last at /), 'asked every 10 s']);
    expect(facts({ state: 'refused', locked: true, reason: 'x' }).get('Next')).toBe('not tried again by itself: mend its sign-in first');
    expect(facts({ state: 'refused', reason: 'x', needs: ['KEY'] }).get('Next')).toBe('enter the value to use it');
    expect(facts({ state: 'refused', reason: 'x', offerAt: epochMs(148_000) }).get('Next')).toBe('healthy again, offered in 48 s');
  });

  test('shows what was found out', () => {
    const card = facts({ state: 'refused', reason: 'x', diagnosis: { sentence: 'Nothing listens on port 8000.', remedy: 'Start it.', ruledOut: ['token', 'TLS'] } });
    expect([card.get('Cause'), card.get('Ruled out'), card.get('Remedy')]).toEqual(['Nothing listens on port 8000', 'token, TLS', 'Start it']);
  });

  test('being tried says when it is asked again', () => {
    const answer = { at: epochMs(98_000), durationMs: 3, ok: false, reason: 'x' };
    expect(facts({ state: 'trying', triedAt: epochMs(97_000), tries: [answer], newest: answer, askEveryMs: 4000 }).get('Next')).toBe('asked again in 2.0 s');
  });

  test('on standby says why it is not needed, and of a mock what it would mean', () => {
    const card = facts({}, { kind: 'mock' }, 'staging');
    expect(Object.fromEntries(card)).toEqual({ Health: 'not asked', Reason: 'not needed, STAGING is healthy', 'If used': 'every screen says MOCK DATA' });
    expect(facts({}).get('Reason')).toBe('not tried yet');
  });

  test('that waits for somebody says for what', () => {
    expect([facts({ state: 'offered' }).get('Next'), facts({ state: 'needs-consent' }).get('Next')]).toEqual(['yours to take; it is not taken by itself', 'used only if you say so']);
  });
});
