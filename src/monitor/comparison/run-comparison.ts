import type { Run } from '#runs/run.ts';
import type { ComparedEvent, ComparedSide, EventPair, RunComparison } from './comparison-report.ts';
import { letteredTypes } from '#monitor/letters.ts';
import type { Recording } from '#monitor/recording.ts';
import { eventsOfRun } from '#monitor/run-detail.ts';
import type { RunEventDetail } from '#monitor/snapshot.ts';

const mostEvents = 500;
/** A delivery that takes this much longer is worth a look; less is what any network does. */
const visibleMs = 50;

/** A run, and the recording in which it is known. */
export interface KnownRun {
  readonly recording: Recording;
  readonly run: Run;
  readonly side: ComparedSide;
}

/** Two runs beside each other, aligned at their triggers: the n-th event of a type stands beside the n-th of the other run. */
export function compareRuns(left: KnownRun, right: KnownRun): RunComparison {
  const leftEvents = eventsByName(left);
  const rightEvents = eventsByName(right);
  const lackingLeft = lackingNames(left.run, leftEvents);
  const lackingRight = lackingNames(right.run, rightEvents);
  const lacking = new Map([...lackingLeft, ...lackingRight]);
  const came = merged([...leftEvents.names], [...rightEvents.names]);
  const events = withLacking(came, [...lacking]).map(([name, { type, nth }]): EventPair => {
    const one = leftEvents.events.get(name) ?? null;
    const other = rightEvents.events.get(name) ?? null;
    const missing = { missingLeft: lackingLeft.has(name), missingRight: lackingRight.has(name) };
    return { type, nth, left: one, right: other, ...missing, differs: missing.missingLeft !== missing.missingRight || eventsDiffer(one, other) };
  });
  return { kind: 'runs', left: left.side, right: right.side, events, whole: leftEvents.whole && rightEvents.whole };
}

interface Name {
  readonly type: string;
  readonly nth: number;
}

interface NamedEvents {
  readonly names: ReadonlyMap<string, Name>;
  readonly events: ReadonlyMap<string, ComparedEvent>;
  readonly whole: boolean;
}

const nameOf = ({ type, nth }: Name): string => `${nth} ${type}`;

function eventsByName({ recording, run }: KnownRun): NamedEvents {
  const names = new Map<string, Name>();
  const events = new Map<string, ComparedEvent>();
  const seen = new Map<string, number>();
  const from = run.triggered ? run.openedAt : (run.firstEventAt ?? run.openedAt);
  const stored = eventsOfRun(recording, run, mostEvents);
  for (const event of stored) {
    // What came again, or too late, is no n-th event of its own: it would move all that come after it.
    const kind = event.disposition === 'attributed' ? event.type : `${event.disposition} ${event.type}`;
    const nth = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, nth);
    const name = `${nth} ${kind}`;
    names.set(name, { type: event.type, nth });
    events.set(name, comparedEvent(event, from));
  }
  return { names, events, whole: stored.length >= run.events + run.duplicates + run.lates };
}

const comparedEvent = ({ at, latencyMs, uncertaintyMs, disposition }: RunEventDetail, from: number): ComparedEvent => ({ afterMs: at - from, latencyMs, uncertaintyMs, disposition });

/** What was expected of a closed run and never came: it would have been the next ones of its type. */
function lackingNames(run: Run, { events }: NamedEvents): ReadonlyMap<string, Name> {
  const names = new Map<string, Name>();
  if (run.closedAt === undefined) return names;
  for (const type of run.delivery.missing) {
    let nth = 1;
    while (events.has(nameOf({ type, nth })) || names.has(nameOf({ type, nth }))) nth += 1;
    names.set(nameOf({ type, nth }), { type, nth });
  }
  return names;
}

function eventsDiffer(left: ComparedEvent | null, right: ComparedEvent | null): boolean {
  if (left === null || right === null) return left !== right;
  if (left.latencyMs === null || right.latencyMs === null) return false;
  const error = (left.uncertaintyMs ?? 0) + (right.uncertaintyMs ?? 0);
  return Math.abs(left.latencyMs - right.latencyMs) > Math.max(visibleMs, error);
}

type Named = readonly [string, Name];

/** The order of one run, with what only the other has, each behind that which it followed there. */
function merged(order: readonly Named[], other: readonly Named[]): Named[] {
  const known = new Set(order.map(([name]) => name));
  const joined = [...order];
  let place = 0;
  for (const named of other) {
    if (known.has(named[0])) place = joined.findIndex(([name]) => name === named[0]) + 1;
    else joined.splice(place++, 0, named);
  }
  return joined;
}

/** What lacks stands behind the last that comes no later in a healthy run. */
function withLacking(order: readonly Named[], lacking: readonly Named[]): Named[] {
  const joined = [...order];
  for (const named of lacking) {
    if (joined.some(([name]) => name === named[0])) continue;
    joined.splice(joined.findLastIndex(([, { type }]) => rank(type) <= rank(named[1].type)) + 1, 0, named);
  }
  return joined;
}

const rank = (type: string): number => {
  const place = letteredTypes.indexOf(type);
  return place < 0 ? letteredTypes.length : place;
};
