import { describe, expect, test } from 'vitest';
import { segments } from '../../../scripts/source-map.ts';

describe('segments', () => {
  test('reads steps of column, source, line and column, and starts each generated line at column 0', () => {
    expect(segments('AAAA,IACC;CAAC')).toEqual([
      { generatedLine: 0, generatedColumn: 0, source: 0, line: 0, column: 0 },
      { generatedLine: 0, generatedColumn: 4, source: 0, line: 1, column: 1 },
      { generatedLine: 1, generatedColumn: 1, source: 0, line: 1, column: 2 },
    ]);
  });

  test('reads negative steps and numbers of several digits', () => {
    // g = 32 says that a digit follows and gives 0; B = 1 stands for 32, of which half is 16: the lowest bit is the sign. D = 3 is -1.
    expect(segments('gBAAD')).toEqual([{ generatedLine: 0, generatedColumn: 16, source: 0, line: 0, column: -1 }]);
  });

  test('leaves out pieces that come from no source, but counts their columns', () => {
    expect(segments('E,CAAA')).toEqual([{ generatedLine: 0, generatedColumn: 3, source: 0, line: 0, column: 0 }]);
  });

  test('gives nothing for nothing', () => {
    expect(segments('')).toEqual([]);
    expect(segments(';;')).toEqual([]);
  });
});
