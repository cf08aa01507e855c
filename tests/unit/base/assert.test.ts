import { describe, expect, test } from 'vitest';
import { assertNever, invariant } from '#base/assert.ts';

describe('invariant', () => {
  test('lets what holds pass', () => {
    expect(() => invariant(true, 'never said')).not.toThrow();
    expect(() => invariant('text', 'never said')).not.toThrow();
  });

  test.each([false, 0, '', null, undefined])('throws for %j, and says what was assumed', (condition) => {
    expect(() => invariant(condition, 'a run has an id')).toThrow('Broken assumption: a run has an id');
  });
});

test('assertNever names the case that nobody handled', () => {
  const unhandled = { kind: 'new' } as never;
  expect(() => assertNever(unhandled)).toThrow('Unhandled case: {"kind":"new"}');
});
