import { describe, expect, test } from 'vitest';
import { Inbox } from '#connection/inbox.ts';
import type { WireMessage } from '#connection/connection.ts';
import { ManualClock } from './manual-clock.ts';

const textOf = (message: WireMessage): string => (message.kind === 'text' ? message.text : '');

function world() {
  const clock = new ManualClock();
  const heard: string[] = [];
  const inbox = new Inbox(clock);
  const session = {
    hear: (message: WireMessage, at: number) => {
      heard.push(`${textOf(message)}@${at - 1_000_000}`);
    },
  };
  return { inbox, heard, pass: (ms: number) => clock.pass(ms), put: (text: string) => inbox.put(session, { kind: 'text', text }, clock.now()) };
}

describe('an inbox', () => {
  test('hands on at once what comes alone', async () => {
    const { heard, put, pass } = world();
    put('a');
    expect(heard).toEqual(['a@0']);
    await pass(10);
    put('b');
    expect(heard).toEqual(['a@0', 'b@10']);
  });

  test('keeps together what comes in quick succession, each with its own time', async () => {
    const { heard, put, pass } = world();
    put('a');
    await pass(1);
    put('b');
    await pass(1);
    put('c');
    expect(heard).toEqual(['a@0']);
    await pass(2);
    expect(heard).toEqual(['a@0', 'b@1', 'c@2']);
  });

  test('is emptied on demand, in order, and not twice', async () => {
    const { inbox, heard, put, pass } = world();
    put('a');
    await pass(1);
    put('b');
    put('c');
    inbox.empty();
    expect(heard).toEqual(['a@0', 'b@1', 'c@1']);
    inbox.empty();
    await pass(10);
    expect(heard).toHaveLength(3);
  });

  test('does not grow without bound while its time has not come', async () => {
    const { heard, put, pass } = world();
    put('first');
    await pass(1);
    for (let n = 0; n < 1000; n += 1) put(String(n));
    expect(heard.length).toBeGreaterThan(700);
  });

  test('what is recorded while it is emptied does not empty it again from within', async () => {
    const clock = new ManualClock();
    const heard: string[] = [];
    const inbox = new Inbox(clock);
    const session = {
      hear: (message: WireMessage) => {
        heard.push(textOf(message));
        inbox.empty();
      },
    };
    inbox.put(session, { kind: 'text', text: 'a' }, clock.now());
    await clock.pass(1);
    for (const text of ['b', 'c']) inbox.put(session, { kind: 'text', text }, clock.now());
    await clock.pass(5);
    expect(heard).toEqual(['a', 'b', 'c']);
  });
});
