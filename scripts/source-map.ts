/** One piece of a built script and where it comes from; all numbers count from 0. */
export interface Segment {
  readonly generatedLine: number;
  readonly generatedColumn: number;
  /** Number in the map's `sources`. */
  readonly source: number;
  readonly line: number;
  readonly column: number;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Reads `mappings` of a source map (ECMA-426); pieces without a source are left out. */
export function segments(mappings: string): readonly Segment[] {
  const result: Segment[] = [];
  let source = 0;
  let line = 0;
  let column = 0;
  for (const [generatedLine, lineText] of mappings.split(';').entries()) {
    let generatedColumn = 0;
    for (const text of lineText === '' ? [] : lineText.split(',')) {
      const [columnStep = 0, sourceStep, lineStep = 0, sourceColumnStep = 0] = variableLengthNumbers(text);
      generatedColumn += columnStep;
      if (sourceStep === undefined) continue;
      source += sourceStep;
      line += lineStep;
      column += sourceColumnStep;
      result.push({ generatedLine, generatedColumn, source, line, column });
    }
  }
  return result;
}

/** Base64 digits of six bits: the highest says that more follow, the lowest of a number's first digit is its sign. */
function variableLengthNumbers(text: string): readonly number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
