import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { changeQuery, parseQuery } from '#views/parts/url-state.ts';

describe('parseQuery', () => {
  test('reads what a link says', () => {
    expect(parseQuery('?view=live&env=staging&run=r-1&from=2026-11-18T14:03:00.000Z&to=2026-11-18T14:04:00.000Z&filter=incomplete&show=runs&theme=light')).toEqual({
      view: 'live',
      env: 'staging',
      run: 'r-1',
      from: Date.UTC(2026, 10, 18, 14, 3),
      to: Date.UTC(2026, 10, 18, 14, 4),
      filter: 'incomplete',
      show: 'runs',
      theme: 'light',
    });
  });

  test('takes what is wrong or empty for not said', () => {
    const { from, theme, env } = parseQuery('?from=yesterday&theme=<script>&env=');
    expect([from, theme, env]).toEqual([undefined, undefined, undefined]);
  });
});

describe('changeQuery', () => {
  test('sets, removes, and keeps what it does not know', () => {
    expect(changeQuery('?env=a&run=r1&scale=2', { env: 'b', run: undefined })).toBe('?env=b&scale=2');
    expect(changeQuery('?run=r1', { run: undefined })).toBe('');
  });

  test('writes times that read back the same', () => {
    const from = epochMs(Date.UTC(2026, 10, 18, 14, 3, 22, 125));
    expect(parseQuery(changeQuery('', { from })).from).toBe(from);
  });

  test('an id with signs of its own survives', () => {
    const run = 'local#3/2&x=ü %';
    expect(parseQuery(changeQuery('', { run })).run).toBe(run);
  });
});
