import { between, type EpochMs } from '#base/units.ts';
import type { RunwatchRecord } from '#record/record.ts';
import type { StartupSnapshot, StartupStageName } from './snapshot.ts';

/** How a watch came up: until when its connections had signed in, opened, and told the time, and when the first event came. */
export class Startup {
  readonly #startedAt: EpochMs;
  readonly #limitMs: number;
  /** Per stage: who has passed it, and when the last of them did. */
  readonly #stages = new Map<StartupStageName, { readonly passed: Set<string>; at: EpochMs }>();
  #firstOpenAt: EpochMs | null = null;
  #hasEvent = false;

  /** @param limitMs what comes later is no start any more */
  constructor(startedAt: EpochMs, limitMs: number) {
    this.#startedAt = startedAt;
    this.#limitMs = limitMs;
  }

  /** Takes any record but a frame. */
  learn(record: RunwatchRecord): void {
    if (record.record === 'stage' && record.stage === 'login' && record.outcome === 'passed') this.#pass('login', record.connection, record.at);
    else if (record.record === 'clock-sample') this.#pass('clock', record.connection, record.at);
    else if (record.record === 'connection-open') {
      this.#firstOpenAt ??= record.at;
      this.#pass('connect', record.connection, record.at);
    }
  }

  /** An event came. */
  event(connection: string, at: EpochMs): void {
    if (this.#hasEvent) return;
    this.#hasEvent = true;
    this.#pass('event', connection, at);
  }

  snapshot(): StartupSnapshot {
    const stages = Array.from(this.#stages, ([stage, { passed, at }]) => ({ stage, at, connections: passed.size }));
    return { startedAt: this.#startedAt, firstOpenAt: this.#firstOpenAt, stages: stages.sort((left, right) => left.at - right.at) };
  }

  #pass(stage: StartupStageName, connection: string, at: EpochMs): void {
    if (between(this.#startedAt, at) > this.#limitMs) return;
    let known = this.#stages.get(stage);
    if (known === undefined) this.#stages.set(stage, (known = { passed: new Set(), at }));
    if (known.passed.has(connection)) return;
    known.passed.add(connection);
    known.at = at;
  }
}
