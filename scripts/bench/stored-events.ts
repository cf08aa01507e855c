import { epochMs, type EpochMs } from '#base/units.ts';
import { EventStore } from '#store/event-store.ts';
import { EVENTS_PER_RUN } from './agent-run.ts';

export const storedLanes = 10;
const startAt = 1_760_000_000_000;

export interface FilledStore {
  readonly store: EventStore;
  /** One millisecond after the newest event. */
  readonly end: EpochMs;
}

/** A store with so many events, runs of ten on ten lanes, `perSecond` of them a second; each in a text of 400 bytes. */
export function filledStore(events: number, perSecond: number, capacity = events): FilledStore {
  const store = new EventStore({ capacity, lanes: storedLanes, textBytes: 64 * 1024 * 1024, codec: codec() });
  const text = 'x'.repeat(400);
  const runs = new Int32Array(storedLanes).fill(-1);
  let at = startAt;
  for (let index = 0; index < events; index += 1) {
    at = startAt + (index * 1000) / perSecond;
    const lane = index % storedLanes;
    const step = Math.floor(index / storedLanes) % EVENTS_PER_RUN;
    if (step === 0) runs[lane] = store.runs.open(`run-user-${lane}-${index}`, lane, at, 0);
    store.write(text);
    store.append(at, lane, step % 6, runs[lane] ?? -1, 0, 3);
    if (step === EVENTS_PER_RUN - 1) store.runs.end(runs[lane] ?? -1, at, 1);
  }
  return { store, end: epochMs(at + 1) };
}

function codec(): ConstructorParameters<typeof EventStore>[0]['codec'] {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return { encodeInto: (text, target) => encoder.encodeInto(text, target), encode: (text) => encoder.encode(text), decode: (bytes) => decoder.decode(bytes) };
}
