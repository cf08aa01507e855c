/** A stretch of a text. */
export interface TextMatch {
  readonly from: number;
  readonly to: number;
}

/**
 * Every place at which `query` stands in `text`, in order, none of them overlapping; capital letters are as good as small ones.
 * The time it takes grows with both lengths together, whatever they hold (Knuth, Morris, Pratt, SIAM J. Comput. 6, 1977).
 */
export function findAll(text: string, query: string): TextMatch[] {
  if (query === '') return [];
  const [where, what] = folded(text, query);
  const back = fallbacks(what);
  const matches: TextMatch[] = [];
  let same = 0;
  for (let at = 0; at < where.length; at += 1) {
    while (same > 0 && where[at] !== what[same]) same = back[same - 1] ?? 0;
    if (where[at] === what[same]) same += 1;
    if (same < what.length) continue;
    matches.push({ from: at + 1 - what.length, to: at + 1 });
    same = 0;
  }
  return matches;
}

/** Small letters, where that leaves every letter in its place: some become two. */
function folded(text: string, query: string): readonly [string, string] {
  const [where, what] = [text.toLowerCase(), query.toLowerCase()];
  return where.length === text.length && what.length === query.length ? [where, what] : [text, query];
}

/** For each beginning of `what`, the length of the longest shorter beginning that it ends with. */
function fallbacks(what: string): number[] {
  const back = [0];
  let same = 0;
  for (let at = 1; at < what.length; at += 1) {
    while (same > 0 && what[at] !== what[same]) same = back[same - 1] ?? 0;
    if (what[at] === what[same]) same += 1;
    back.push(same);
  }
  return back;
}

/** A piece of a text, cut where matches begin and end. */
export type Marked<Piece> = Piece & { readonly match: number | undefined };

/**
 * Cuts the pieces of a text where matches begin and end, so that each of them is marked or not.
 * @param pieces follow each other without a gap, `at` their places
 * @param first the number of the first of `matches`
 */
export function markPieces<Piece extends { readonly at: number; readonly text: string }>(pieces: readonly Piece[], matches: readonly TextMatch[], first = 0): Marked<Piece>[] {
  const marked: Marked<Piece>[] = [];
  let next = 0;
  for (const piece of pieces) {
    const end = piece.at + piece.text.length;
    for (let at = piece.at; at < end; ) {
      while ((matches[next]?.to ?? Infinity) <= at) next += 1;
      const match = matches[next];
      const inside = match !== undefined && match.from <= at;
      const until = Math.min(end, (inside ? match.to : match?.from) ?? end);
      marked.push({ ...piece, at, text: piece.text.slice(at - piece.at, until - piece.at), match: inside ? first + next : undefined });
      at = until;
    }
  }
  return marked;
}
