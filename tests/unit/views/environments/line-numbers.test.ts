import { expect, test } from 'vitest';
import { numbered } from '#views/environments/line-numbers.ts';

test('all lines are numbered once, in order, in as few pieces as the marks allow', () => {
  const pieces = numbered(6, new Map([[5, 'secret'], [2, 'fault'], [9, 'fault'], [0, 'fault']]));
  expect(pieces).toEqual([
    { line: 1, mark: undefined, lines: '1\n' },
    { line: 2, mark: 'fault', lines: '2\n' },
    { line: 3, mark: undefined, lines: '3\n4\n' },
    { line: 5, mark: 'secret', lines: '5\n' },
    { line: 6, mark: undefined, lines: '6\n' },
  ]);
  expect(numbered(3, new Map())).toEqual([{ line: 1, mark: undefined, lines: '1\n2\n3\n' }]);
  expect(numbered(1, new Map([[1, 'fault']]))).toEqual([{ line: 1, mark: 'fault', lines: '1\n' }]);
});
