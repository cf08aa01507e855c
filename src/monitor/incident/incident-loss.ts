import { epochMs, type EpochMs } from '#base/units.ts';
import type { IncidentBook } from './incident-book.ts';
import type { Recording } from '#monitor/recording.ts';

const longestLook = 500;
const keptLosses = 100;

/**
 * When a run that lacks something last heard what came before it: of one that ended well but for that, the last event of a type that a healthy run brings
 * earlier; of one that fell silent its last event; of one that brought nothing, its opening. Undefined where the run is forgotten.
 */
export function lossAt(recording: Recording, { losses }: IncidentBook, ordinal: number): EpochMs | undefined {
  const known = losses.get(ordinal);
  if (known !== undefined) return known;
  const at = findLoss(recording, ordinal);
  const [oldest] = losses.keys();
  if (oldest !== undefined && losses.size >= keptLosses) losses.delete(oldest);
  if (at !== undefined) losses.set(ordinal, at);
  return at;
}

function findLoss(recording: Recording, ordinal: number): EpochMs | undefined {
  const run = recording.book.withOrdinal(ordinal);
  if (run === undefined) return undefined;
  const { requiredEvents } = recording.engine.rules.contract;
  const lacking = requiredEvents.findIndex((type) => run.delivery.missing.includes(type));
  if (run.closing !== 'settled' || lacking === -1) return run.lastEventAt ?? run.openedAt;
  const earlier = new Set(requiredEvents.slice(0, lacking));
  let heardAt: number | undefined;
  for (const row of recording.store.rowsOfRun(ordinal, longestLook)) {
    const event = recording.store.event(row);
    if (event !== undefined && earlier.has(recording.types.names[event.type] ?? '')) heardAt = event.at;
  }
  return heardAt === undefined ? run.openedAt : epochMs(heardAt);
}
