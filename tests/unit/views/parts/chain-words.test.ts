import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { Chain } from '#environment/chain.ts';
import { freshStep, type ChainStep } from '#environment/chain-step.ts';
import { chainSentence, clauseOf, wordsOf } from '#views/parts/chain-words.ts';

const names = new Map([['local', 'Local (Docker)'], ['staging', 'Staging'], ['mock', 'Mock']]);
const nameOf = (id: string): string => names.get(id) ?? id;
const links = [...names.keys()].map((id) => ({ id, kind: 'local' as const, startupTimeoutMs: 30_000, healthIntervalMs: 10_000, needs: [] }));
const failed = { at: epochMs(1), durationMs: 2, ok: false, reason: 'HTTP 503' };

function chainOf(change: Partial<Omit<Chain, 'steps'>>, ...steps: readonly Partial<ChainStep>[]): Chain {
  return { links, steps: links.map((link, index) => ({ ...freshStep(link, epochMs(0)), ...steps[index] })), current: null, inUse: null, kept: null, wish: null, ...change };
}
const says = (change: Partial<Omit<Chain, 'steps'>>, ...steps: readonly Partial<ChainStep>[]): string | undefined => chainSentence(chainOf(change, ...steps), nameOf);

describe('what the page says of its chain', () => {
  const refused = { state: 'refused', reason: 'http://localhost:8000/health did not answer.' } as const;

  test('is nothing while the preferred environment is used, or has only just been asked', () => {
    expect([says({ current: 'local', inUse: 'local' }, { state: 'in-use' }), says({ current: 'local' }, { state: 'trying' }), says({ current: 'local' }, { state: 'trying', tries: [failed], healthyAt: epochMs(3) })]).toEqual([undefined, undefined, undefined]);
  });

  test('names what is shown instead, and why', () => {
    expect(says({ current: 'staging', inUse: 'staging' }, refused, { state: 'in-use' })).toBe('Staging is shown, because Local (Docker) is not healthy: http://localhost:8000/health did not answer.');
    expect(says({ current: 'staging', inUse: 'staging' }, { state: 'offered' }, { state: 'in-use' })).toBe('Staging is shown, because Local (Docker) was not healthy; it is again.');
    expect(says({ current: 'staging', inUse: 'staging' }, { state: 'standby' }, { state: 'in-use' })).toBe('Staging is shown, as it was chosen instead of Local (Docker).');
  });

  test('names what is being tried, and what is shown until then', () => {
    expect(says({ current: 'local' }, { state: 'trying', tries: [failed] })).toBe('Local (Docker) is not healthy yet: HTTP 503. It is asked again.');
    expect(says({ current: 'staging' }, refused, { state: 'trying' })).toBe('Local (Docker) is not healthy: http://localhost:8000/health did not answer. Staging is being tried.');
    expect(says({ current: 'local', kept: 'mock' }, { state: 'trying' })).toBe('Local (Docker) is being tried; Mock is shown until it is there.');
    expect(says({ current: 'staging', kept: 'mock' }, { state: 'standby' }, { state: 'trying' })).toBe('Staging is being tried; Mock is shown until it is there.');
  });

  test('says that production is not left, that a value is waited for, and that nothing is healthy', () => {
    expect(says({ current: 'local' }, { state: 'refused', reason: 'HTTP 503' })).toBe('Local (Docker) is not healthy: HTTP 503. Production is not left without you.');
    expect(says({ current: 'local' }, { state: 'needs-consent', reason: 'it needs a value for KEY' })).toBe('Local (Docker) waits: it needs a value for KEY.');
    expect(says({}, refused, refused, refused)).toBe('No environment of this chain is healthy. Local (Docker): http://localhost:8000/health did not answer.');
    expect(says({ kept: 'mock' }, refused, refused, refused)).toContain('healthy; Mock is still shown.');
  });

  test('is nothing of a chain without steps', () => {
    expect(chainSentence({ links: [], steps: [], current: null, inUse: null, kept: null, wish: null }, nameOf)).toBeUndefined();
  });
});

test('a step says in a word and a shape how it stands', () => {
  const words = (...steps: readonly Partial<ChainStep>[]) => steps.map((step) => wordsOf({ ...freshStep({ id: 'a', kind: 'local', startupTimeoutMs: 1, healthIntervalMs: 1, needs: [] }, epochMs(0)), ...step }));
  const tried = { state: 'refused', triedAt: epochMs(1) } as const;
  expect(words({}, { state: 'in-use' }, tried, { ...tried, locked: true }, { state: 'refused' })).toEqual([
    { word: 'Standby', shape: 'no-data' },
    { word: 'Healthy, in use', shape: 'ok' },
    { word: 'Not healthy', shape: 'breached' },
    { word: 'Refused', shape: 'breached' },
    { word: 'Not tried', shape: 'breached' },
  ]);
});

test('a reason stands inside a sentence', () => {
  expect([clauseOf('It was lost.'), clauseOf('HTTP 503'), clauseOf(null)]).toEqual(['It was lost', 'HTTP 503', 'no reason is known']);
});
