import type { EpochMs } from '#base/units.ts';
import { cutText } from '#store/string-table.ts';

/** Something that a target sends, and how often it came. */
export interface ShapeRow {
  readonly name: string;
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
  readonly count: number;
}

type Row = { -readonly [K in keyof ShapeRow]: ShapeRow[K] };

const mostNames = 200;
const longestName = 80;
const otherNames = '(other)';

/**
 * What arrived, since when and how often: shapes of frames, or types of events that nobody named. A shape that appears or ends shows that
 * the target has changed. A target that invents names has those after the first 200 counted together.
 */
export class ShapeBook {
  readonly #rows = new Map<string, Row>();
  /** Most frames are like the one before. */
  #last: Row | undefined;

  /** Counts one arrival. Of a long name the beginning counts. */
  add(name: string, at: EpochMs): void {
    const row = this.#last?.name === name ? this.#last : this.#row(name, at);
    row.count += 1;
    if (at > row.lastAt) row.lastAt = at;
    this.#last = row;
  }

  /** All of them, in the order in which they first came; copies. */
  rows(): readonly ShapeRow[] {
    return Array.from(this.#rows.values(), (row) => ({ ...row }));
  }

  #row(text: string, at: EpochMs): Row {
    const name = cutText(text, longestName);
    const known = this.#rows.get(name) ?? (this.#rows.size < mostNames ? undefined : this.#rows.get(otherNames));
    if (known !== undefined) return known;
    const row = { name: this.#rows.size < mostNames ? name : otherNames, firstAt: at, lastAt: at, count: 0 };
    this.#rows.set(row.name, row);
    return row;
  }
}
