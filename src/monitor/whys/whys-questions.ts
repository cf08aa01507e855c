import type { Incident } from '#monitor/incident/incident-report.ts';
import { isDifference, differenceOf } from './whys-difference.ts';
import { changeEvidence, changesBefore } from './whys-changes.ts';
import { linkWhy, lossWhy, stateWhy } from './whys-loss.ts';
import { noticeWhy } from './whys-notice.ts';
import { flawWhys, leakWhy, quietWhys } from './whys-kinds.ts';
import { count, timeOfDay } from '#monitor/figures.ts';
import { heardAt, isBad, type WhysCase } from './whys-case.ts';
import { affectedLink, linkTo, term } from './whys-filter.ts';
import { why } from './whys-why.ts';
import { connectionCount, struck } from './whys-groups.ts';
import { transportAt } from './whys-history.ts';
import type { Evidence, Why } from './whys-report.ts';
import { countBy, place, plain, several, tally } from './whys-words.ts';

/** Five questions, each led to by the one before: answered where the records answer them, and left to people where they do not. */
export function fiveWhys(told: WhysCase): Why[] {
  const { incident } = told;
  if (incident === undefined) return quietWhys(told);
  const last = incident.kind === 'leak' ? passageWhy(told, incident) : noticeWhy(told);
  return [...opening(told, incident), whoWhy(told, incident), whenWhy(told, incident), last];
}

function opening(told: WhysCase, incident: Incident): readonly [Why, Why] {
  switch (incident.kind) {
    case 'leak':
      return [stateWhy(told), leakWhy(told)];
    case 'agent-errors':
    case 'late':
    case 'duplicate':
    case 'out-of-order':
    case 'dumped':
      return flawWhys(told, incident);
    case 'down':
    case 'auth':
    case 'silent':
    case 'restarted':
    case 'lost':
      return [told.course.state === 'breached' || told.course.state === 'at-risk' || incident.kind === 'lost' ? stateWhy(told) : linkWhy(told, incident), lossWhy(told)];
  }
}

/** What sets those apart who are struck. */
function whoWhy(told: WhysCase, incident: Incident): Why {
  const who = struck(incident, connectionCount(told));
  const found = differenceOf(told);
  const everywhere = told.groups.others === null || told.groups.others.length === 0;
  if (isDifference(found)) return why(`Why only ${preposition(incident)}${who}?`, found.sentence, found.evidence);
  return why(everywhere ? whereAll(told) : `Why only ${preposition(incident)}${who}?`, null, found.evidence.length > 0 ? found.evidence : sharedEvidence(told));
}

/** Where all are struck, what they share says as little as what they do not. */
function sharedEvidence(told: WhysCase): Evidence[] {
  const bad = (told.groups.affected ?? told.groups.all).filter((run) => isBad(run, told.incident));
  if (bad.length === 0) return [];
  const struckOnes = new Set(bad.map((run) => run.connection.id)).size;
  const transports = countBy(bad, (run) => transportAt(told.history, run.connection.id, heardAt(run)));
  const found: Evidence[] = [{ text: `seen on ${count(struckOnes)} of ${several(connectionCount(told), 'connection')}`, link: affectedLink(told) }];
  if (transports.size > 0) found.push({ text: `transport of these runs: ${tally(transports)}`, link: affectedLink(told) });
  return found;
}

/** What the monitor sees of a leak is where it came out. */
function passageWhy({ leaks, from, to }: WhysCase, { onsetAt }: Incident): Why {
  const types = countBy(leaks, ({ type }) => type);
  return why('Why could one user’s events reach another at all?', null, [
    { text: `leaked: ${tally(types)}`, link: linkTo(from, to, term('is', 'leaked')) },
    { text: `the alarm came with the first of them, at ${timeOfDay(onsetAt)}`, link: linkTo(onsetAt, onsetAt) },
  ]);
}

const preposition = ({ scope: { kind } }: Incident): string => (kind === 'connection' ? 'on ' : '');
const whereAll = (told: WhysCase): string => (connectionCount(told) === 1 ? 'Why on this connection?' : 'Why on every connection?');

/** What changed before. That something came first does not make it the cause, which only people can say. */
function whenWhy(told: WhysCase, incident: Incident): Why {
  const changes = changesBefore(told);
  const evidence = changeEvidence(told, changes);
  const found = differenceOf(told);
  const [change] = changes.switched;
  if (isDifference(found) && found.kind === 'transport' && change !== undefined) {
    return why(`Why did ${incident.scope.affected === 1 ? 'it' : 'they'} come back on ${plain(change.opening.transport)}?`, null, evidence);
  }
  if (isDifference(found) && found.kind === 'reconnect') {
    const names = [...new Set(changes.closings.map(({ connection }) => connection))];
    return why(`Why ${names.length === 1 ? `was ${place(names[0] ?? '')}` : 'were they'} connected anew?`, null, evidence);
  }
  const since = timeOfDay(incident.onsetAt);
  if (changes.version !== undefined) return why(`Why since ${since}?`, `The target’s version changed to ${plain(changes.version.version)} around then. Whether that is the cause, people have to say.`, evidence);
  return why(`Why since ${since}?`, null, evidence);
}
