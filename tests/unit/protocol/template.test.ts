import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '#protocol/canonical.ts';
import { netra } from '#protocol/netra.ts';
import { fillTemplate } from '#protocol/template.ts';

const values = { run: 'r-1', thread: 't-1', user: 'u-1', n: 3 };

describe('fillTemplate', () => {
  test('fills every placeholder in every string', () => {
    const message = { type: 'user_message', payload: { content: 'ping {run} {run}', list: ['{thread}', ['{user}', '{n}']] } };
    expect(fillTemplate(message, values)).toEqual({
      message: { type: 'user_message', payload: { content: 'ping r-1 r-1', list: ['t-1', ['u-1', '3']] } },
      names: { run: true, thread: true },
    });
  });

  test('leaves keys, other values and other braces as they are', () => {
    const message = { '{run}': 1, a: true, b: null, c: '{Run} {} {other} { run }', d: '${user}' };
    expect(fillTemplate(message, values)).toEqual({
      message: { '{run}': 1, a: true, b: null, c: '{Run} {} {other} { run }', d: '$u-1' },
      names: { run: false, thread: false },
    });
  });

  test('a text alone is a message too', () => {
    expect(fillTemplate('go {thread}', values)).toEqual({ message: 'go t-1', names: { run: false, thread: true } });
  });

  test('a value is not filled again, and its signs mean nothing', () => {
    expect(fillTemplate('{user}', { ...values, user: '{run} $& $1' })).toEqual({ message: '{run} $& $1', names: { run: false, thread: false } });
  });

  test('a key like __proto__ stays a key', () => {
    const { message } = fillTemplate(JSON.parse('{"__proto__":{"run":"{run}"},"constructor":"{n}"}'), values);
    expect(JSON.stringify(message)).toBe('{"__proto__":{"run":"r-1"},"constructor":"3"}');
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
  });

  test('without placeholders any JSON stays the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value).replaceAll('{n}', '');
        const filled = fillTemplate(JSON.parse(text), { run: '{run}', thread: '{thread}', user: '{user}', n: 0 });
        expect(JSON.stringify(filled.message)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});

describe("the dialects' own triggers", () => {
  test('canonical', () => {
    expect(fillTemplate(canonical.triggerTemplate, values)).toEqual({
      message: { type: 'user_message', payload: { content: 'ping r-1' }, runId: 'r-1', threadId: 't-1' },
      names: { run: true, thread: true },
    });
  });
  test('netra', () => {
    expect(fillTemplate(netra.triggerTemplate, values)).toEqual({
      message: { type: 'user_message', payload: { content: 'ping r-1', run_id: 'r-1', thread_id: 't-1' } },
      names: { run: true, thread: true },
    });
  });
});
