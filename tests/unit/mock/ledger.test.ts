import { expect, test } from 'vitest';
import { durationMs, epochMs } from '#base/units.ts';
import { Accounts } from '#mock/accounts.ts';
import { BoundedList } from '#mock/ledger.ts';
import { isTrigger, readTrigger } from '#mock/trigger.ts';
import { readText } from '#mock/credentials.ts';
import { MockClock } from '#mock/mock-clock.ts';

test('a bounded list forgets the oldest entries and counts them', () => {
  const list = new BoundedList<number>(80);
  for (let entry = 1; entry <= 1000; entry += 1) {
    expect(list.add(entry)).toBe(entry);
    expect(list.entries.length).toBeLessThanOrEqual(80);
    expect(list.entries.length + list.evicted).toBe(entry);
    expect(list.entries.at(-1)).toBe(entry);
  }
  expect(list.entries[0]).toBe(list.evicted + 1);
});

test('a token is good for its user until it runs out or is ended', () => {
  const accounts = new Accounts(durationMs(1000));
  const login = accounts.login('Probe.3+x@example.com', epochMs(5000));
  expect(login).toMatchObject({ user: 'e2e-Probe.3+x', email: 'Probe.3+x@example.com', expiresInSeconds: 1 });
  const token = login?.token ?? '';
  expect(accounts.userOf(token, epochMs(5999))).toBe('e2e-Probe.3+x');
  expect(accounts.userOf(token, epochMs(6000))).toBeUndefined();
  expect(accounts.userOf('__proto__', epochMs(5000))).toBeUndefined();
  accounts.expire(token);
  expect(accounts.userOf(token, epochMs(5000))).toBeUndefined();
});

test('what is no address gets no token, and the oldest token goes when there are too many', () => {
  const accounts = new Accounts();
  for (const email of ['', 'nobody', '@example.com', 'a b@example.com', 'a@', `${'x'.repeat(65)}@example.com`]) expect(accounts.login(email, epochMs(0))).toBeUndefined();
  const first = accounts.login('first@example.com', epochMs(0))?.token ?? '';
  for (let count = 0; count < 10_000; count += 1) accounts.login('other@example.com', epochMs(0));
  expect(accounts.userOf(first, epochMs(0))).toBeUndefined();
});

test('a trigger’s ids stand at the top or in the payload, in either spelling', () => {
  expect(isTrigger('user_message')).toBe(true);
  expect(isTrigger('start_agent')).toBe(true);
  expect(isTrigger('pong')).toBe(false);
  expect(readTrigger({ type: 'user_message', runId: 'r1', thread_id: 't1', scenario: 'late' })).toEqual({ runId: 'r1', threadId: 't1', scenario: 'late' });
  expect(readTrigger({ payload: { run_id: 'r2', threadId: 7 } })).toEqual({ runId: 'r2', threadId: '7', scenario: undefined });
  expect(readTrigger({ runId: 'top', payload: { run_id: 'below' } }).runId).toBe('top');
  expect(readTrigger({ runId: null, run_id: '', threadId: 1.5, thread_id: 'x'.repeat(201), payload: [] })).toEqual({ runId: undefined, threadId: undefined, scenario: undefined });
});

test('a name from outside is a short text without control characters', () => {
  expect(readText('alice')).toBe('alice');
  for (const bad of ['', 'a\nb', '\u0000', 'x'.repeat(513), 7, null, undefined, ['alice']]) expect(readText(bad)).toBeUndefined();
});

test('the clock keeps its timers together: a stop cancels them all', async () => {
  const clock = new MockClock();
  const fired: string[] = [];
  clock.after(durationMs(0), () => fired.push('stopped'));
  clock.stop();
  await new Promise<void>((resolve) => {
    const cancel = clock.after(durationMs(0), () => fired.push('cancelled'));
    cancel();
    clock.after(durationMs(5), resolve);
  });
  expect(fired).toEqual([]);
  expect(clock.now()).toBeCloseTo(Date.now(), -3);
});
