import type { EpochMs } from '#base/units.ts';
import type { HealthRecord } from '#record/record.ts';
import type { HealthAnswer, HealthSnapshot } from './snapshot.ts';

const keptAnswers = 500;
const shownAnswers = 60;
const shownFailures = 8;
const keptVersions = 20;

/** What one environment answered when it was asked how it is: its newest answers, whether it was watched or not. */
export class HealthBook {
  readonly #place: string;
  readonly #answers: HealthAnswer[] = [];
  readonly #versions: { readonly at: EpochMs; readonly version: string }[] = [];
  #good = 0;
  #healthySince: EpochMs | null = null;
  #snapshot: HealthSnapshot | undefined;

  /** @param place the address that is asked, as it may be shown */
  constructor(place: string) {
    this.#place = place;
  }

  add({ at, ok, status, durationMs, version, reason }: HealthRecord): void {
    this.#answers.push({ at, ok, status: status ?? null, durationMs: durationMs ?? null, version: version ?? null, reason: reason ?? null });
    this.#good += ok ? 1 : 0;
    if (this.#answers.length > keptAnswers && this.#answers.shift()?.ok === true) this.#good -= 1;
    this.#healthySince = ok ? (this.#healthySince ?? at) : null;
    if (version !== undefined && version !== this.#versions.at(-1)?.version) {
      this.#versions.push({ at, version });
      if (this.#versions.length > keptVersions) this.#versions.shift();
    }
    this.#snapshot = undefined;
  }

  /** What is kept; null before the first answer. The same object until the next one. */
  snapshot(): HealthSnapshot | null {
    const newest = this.#answers.at(-1);
    const oldest = this.#answers[0];
    if (newest === undefined || oldest === undefined) return null;
    this.#snapshot ??= {
      place: this.#place,
      newest,
      healthySince: this.#healthySince,
      from: oldest.at,
      asked: this.#answers.length,
      good: this.#good,
      recent: this.#answers.slice(-shownAnswers).map(({ at, ok, durationMs }) => ({ at, ok, durationMs })),
      failures: this.#answers.filter(({ ok }) => !ok).slice(-shownFailures).reverse(),
      versions: this.#versions.toReversed(),
    };
    return this.#snapshot;
  }
}
