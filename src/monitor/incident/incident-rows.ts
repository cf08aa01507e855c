import type { EpochMs } from '#base/units.ts';
import { IncidentRow, type RowTerms, type Trouble } from './incident-row.ts';

/** A row that alarmed, and is over. */
export interface PastRow {
  readonly lane: number | undefined;
  readonly row: IncidentRow;
  readonly endedAt: EpochMs;
}

const keptPast = 100;

/**
 * The rows of one kind of trouble: one for each connection, one for all together, and one that looks out for a share of trouble too small to alarm
 * by itself, which is told of once the promise is at stake. Costs nothing while nothing is bad.
 */
export class IncidentRows {
  readonly lanes = new Map<number, IncidentRow>();
  all: IncidentRow | undefined;
  slight: IncidentRow | undefined;
  readonly past: PastRow[] = [];
  readonly #terms: RowTerms;
  readonly #slightTerms: RowTerms;

  constructor(terms: RowTerms) {
    this.#terms = terms;
    this.#slightTerms = { ...terms, troubled: Math.min(3 * terms.usual, (terms.usual + 1) / 2) };
  }

  get usual(): number {
    return this.#terms.usual;
  }

  /** So many bad trials in a row are trouble. */
  get enough(): number {
    return this.#terms.enough;
  }

  /** @param countedAt when the trial was counted as good, where it was */
  bad(lane: number, trouble: Trouble, countedAt?: EpochMs): void {
    const own = this.lanes.get(lane);
    if (own === undefined) this.lanes.set(lane, new IncidentRow(this.#terms, trouble, lane));
    else add(own, trouble, lane, countedAt);
    if (this.all === undefined) this.all = new IncidentRow(this.#terms, trouble, lane);
    else add(this.all, trouble, lane, countedAt);
    if (this.slight === undefined) this.slight = new IncidentRow(this.#slightTerms, trouble, lane);
    else add(this.slight, trouble, lane, countedAt);
  }

  good(lane: number, expected: number, at: EpochMs): void {
    if (this.slight === undefined && this.all === undefined && this.lanes.size === 0) return;
    const own = this.lanes.get(lane);
    if (own?.addGood(lane, expected) === true) {
      this.lanes.delete(lane);
      this.#keep(lane, own, at);
    }
    if (this.all?.addGood(lane, expected) === true) {
      this.#keep(undefined, this.all, at);
      this.all = undefined;
    }
    if (this.slight?.addGood(lane, expected) === true) this.slight = undefined;
  }

  #keep(lane: number | undefined, row: IncidentRow, endedAt: EpochMs): void {
    if (row.alarmedAt === undefined) return;
    this.past.push({ lane, row, endedAt });
    if (this.past.length > keptPast) this.past.shift();
  }
}

function add(row: IncidentRow, trouble: Trouble, lane: number, countedAt: EpochMs | undefined): void {
  if (countedAt === undefined) row.addBad(trouble, lane);
  else row.addWorse(trouble, lane, countedAt);
}
