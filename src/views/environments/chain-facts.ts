import type { Chain } from '#environment/chain.ts';
import type { ChainStep } from '#environment/chain-step.ts';
import type { EpochMs } from '#base/units.ts';
import type { EnvironmentSnapshot, HealthSnapshot } from '#monitor/snapshot.ts';
import { clauseOf } from '#views/parts/chain-words.ts';
import { formatAge, formatCount, formatDuration, formatWindow, localTime } from '#views/parts/format.ts';

/** One line of a card: what it is about, and what is known. */
export type Fact = readonly [name: string, text: string];

/** What a card of the chain says of its environment. `now` is on the monitor's clock. */
export function factsOf(step: ChainStep, environment: EnvironmentSnapshot, chain: Chain, nameOf: (id: string) => string, now: EpochMs): Fact[] {
  const { health, startup } = environment;
  const facts: Fact[] = [['Health', health === null ? 'not asked' : healthText(health)]];
  if (health !== null && health.newest.version !== null) facts.push(['Version', health.newest.version]);
  if (step.state === 'in-use') {
    facts.push(['Connected', connectedText(environment)], ['Since', `${localTime.time(step.since)}, ${formatAge(now - step.since)} ago`]);
    if (step.failingSince !== null) facts.push(['Failing', `for ${formatAge(now - step.failingSince)}; it is left after ${formatWindow(environment.startupTimeoutMs)}`]);
    return facts;
  }
  const { diagnosis } = step;
  if (step.state === 'standby') facts.push(['Reason', chain.inUse === null ? 'not tried yet' : `not needed, ${nameOf(chain.inUse)} is healthy`]);
  else if (step.reason !== null && step.reason !== health?.newest.reason) facts.push(['Reason', clauseOf(step.reason)]);
  if (diagnosis !== null) {
    facts.push(['Cause', clauseOf(diagnosis.sentence)]);
    if (diagnosis.ruledOut.length > 0) facts.push(['Ruled out', diagnosis.ruledOut.join(', ')]);
    facts.push(['Remedy', clauseOf(diagnosis.remedy)]);
  }
  if (step.tries.length > 0 && step.triedAt !== null) facts.push(['Tried', triedText(step, step.triedAt)]);
  if (step.healthyAt !== null && step.state === 'trying' && startup !== null) facts.push(['Connected', connectedText(environment)]);
  const next = nextText(step, now);
  if (next !== undefined) facts.push(['Next', next]);
  if (environment.kind === 'mock') facts.push(['If used', 'every screen says MOCK DATA']);
  return facts;
}

/** `localhost:8000/health: 200 in 87 ms`; what was wrong, where something was. */
export function healthText({ place, newest }: HealthSnapshot): string {
  const where = place.replace(/^https?:\/\//, '');
  const took = newest.durationMs === null ? '' : ` in ${formatDuration(newest.durationMs)}`;
  if (newest.status === null) return clauseOf(newest.reason).replace(place, where);
  return newest.ok ? `${where}: ${newest.status}${took}` : `${where}: ${clauseOf(newest.reason)}${took}`;
}

function connectedText({ open, wanted, connections }: EnvironmentSnapshot): string {
  const transports = new Set(connections.flatMap(({ transport, state }) => (state === 'open' && transport !== null ? [transport] : [])));
  return `${formatCount(open)} of ${formatCount(wanted)}${transports.size === 1 ? `, all on ${[...transports].join('')}` : ''}`;
}

function triedText({ tries }: ChainStep, triedAt: EpochMs): string {
  const last = tries.at(-1)?.at ?? triedAt;
  if (tries.length === 1) return `once, at ${localTime.time(last)}`;
  return `${formatCount(tries.length)} times within ${formatDuration(Math.max(0, last - triedAt))}, the last at ${localTime.time(last)}`;
}

function nextText({ state, askEveryMs, locked, offerAt, tries, newest, needs }: ChainStep, now: EpochMs): string | undefined {
  if (state === 'offered') return 'yours to take; it is not taken by itself';
  if (needs.length > 0) return `enter ${needs.length === 1 ? 'the value' : 'the values'} to use it`;
  if (state === 'needs-consent') return 'used only if you say so';
  if (locked) return 'not tried again by itself: mend its sign-in first';
  if (offerAt !== null) return `healthy again, offered in ${Math.max(0, Math.ceil((offerAt - now) / 1000))} s`;
  if (askEveryMs === null) return undefined;
  const last = tries.at(-1);
  if (state === 'trying' && last?.ok === false && newest !== null) return `asked again in ${formatAge(Math.max(0, last.at + askEveryMs - now))}`;
  return state === 'refused' ? `asked every ${formatWindow(askEveryMs)}` : undefined;
}
