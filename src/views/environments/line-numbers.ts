export type LineMark = 'fault' | 'secret';

/** Numbers that stand one below the other, a line feed after each. */
interface Numbers {
  /** The first of them. */
  readonly line: number;
  readonly mark: LineMark | undefined;
  readonly lines: string;
}

/** The numbers of all lines in as few pieces as the marks allow: a long file has many lines. */
export function numbered(count: number, marks: ReadonlyMap<number, LineMark>): Numbers[] {
  const pieces: Numbers[] = [];
  const upTo = (from: number, to: number): void => {
    if (to > from) pieces.push({ line: from, mark: undefined, lines: Array.from({ length: to - from }, (_, index) => `${from + index}\n`).join('') });
  };
  let next = 1;
  for (const [line, mark] of [...marks].sort(([a], [b]) => a - b)) {
    if (line < next || line > count) continue;
    upTo(next, line);
    pieces.push({ line, mark, lines: `${line}\n` });
    next = line + 1;
  }
  upTo(next, count + 1);
  return pieces;
}
