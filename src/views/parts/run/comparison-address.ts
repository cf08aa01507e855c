import { epochMs, type EpochMs } from '#base/units.ts';
import type { ComparedAsk } from '#monitor/comparison/comparison-report.ts';

/** What is compared, as the address says it. */
export interface ComparedSides {
  readonly left: ComparedAsk;
  readonly right: ComparedAsk;
}

/** In the address: something is to be compared, and what is left to the page. */
export const usualComparison = 'usual';

/**
 * What stands in the address after `compare=`: `left,right`, where a side is
 *
 *     environment/from..to          the runs that were closed then; either time may be missing (ISO 8601, as in `from` and `to`)
 *     environment/run:ID            one run
 *     environment/last-good:ID      the last good run of the same connection before that run
 *
 * `environment` and `ID` are percent-encoded. Anything else is `undefined`: then the page chooses.
 */
export function parseComparison(text: string | undefined): ComparedSides | undefined {
  const [left, right, ...more] = (text ?? '').split(',').map(parseSide);
  return left === undefined || right === undefined || more.length > 0 ? undefined : { left, right };
}

export const formatComparison = ({ left, right }: ComparedSides): string => `${formatSide(left)},${formatSide(right)}`;

/** A side as the address says it. */
export function formatSide(side: ComparedAsk): string {
  const environment = encode(side.environmentId);
  if ('run' in side) return `${environment}/run:${encode(side.run)}`;
  if ('lastGoodBefore' in side) return `${environment}/last-good:${encode(side.lastGoodBefore)}`;
  return `${environment}/${formatTime(side.from)}..${formatTime(side.to)}`;
}

/** One side; `undefined` where it is none. */
function parseSide(text: string): ComparedAsk | undefined {
  const slash = text.indexOf('/');
  const environmentId = slash < 0 ? undefined : decode(text.slice(0, slash));
  if (environmentId === undefined || environmentId === '') return undefined;
  const what = text.slice(slash + 1);
  if (what.startsWith('run:')) return withId(what.slice('run:'.length), (run) => ({ environmentId, run }));
  if (what.startsWith('last-good:')) return withId(what.slice('last-good:'.length), (lastGoodBefore) => ({ environmentId, lastGoodBefore }));
  const [from, to, ...more] = what.split('..').map(parseTime);
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  return { environmentId, from: from ?? undefined, to: to ?? undefined };
}

function withId(text: string, side: (id: string) => ComparedAsk): ComparedAsk | undefined {
  const id = decode(text);
  return id === undefined || id === '' ? undefined : side(id);
}

const formatTime = (at: EpochMs | undefined): string => (at === undefined ? '' : new Date(at).toISOString());

/** Null where there is none; undefined where it is no time. */
function parseTime(text: string): EpochMs | null | undefined {
  if (text === '') return null;
  const at = Date.parse(text);
  return Number.isFinite(at) ? epochMs(at) : undefined;
}

/** A half of a surrogate pair, which a target may send, has no encoding. */
const encode = (text: string): string => encodeURIComponent(text.replaceAll(/[\uD800-\uDFFF]/gu, '\uFFFD'));

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
