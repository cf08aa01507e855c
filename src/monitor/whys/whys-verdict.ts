import { count, runs, share, targetShare, timeOfDay } from '#monitor/figures.ts';
import type { Incident } from '#monitor/incident/incident-report.ts';
import type { SloReport } from '#monitor/report.ts';
import type { StateWord } from '#monitor/snapshot.ts';
import { isBad, type WhysCase } from './whys-case.ts';
import { connectionCount, deliveryOf } from './whys-groups.ts';
import type { WhysVerdict } from './whys-report.ts';
import { listed, plain, range, several } from './whys-words.ts';

export const stateText: Readonly<Record<StateWord | 'not-judged', string>> = {
  ok: 'OK',
  'at-risk': 'AT RISK',
  breached: 'BREACHED',
  unproven: 'UNPROVEN',
  'no-data': 'NO DATA',
  stale: 'STALE',
  blind: 'BLIND',
  'not-judged': 'NOT JUDGED',
};

const longestSentence = 500;

/** As the figures tell it, whatever their age: a report is of a stretch of time. */
export function verdictOf({ course, incident }: WhysCase): WhysVerdict {
  const wrong = course.state === 'breached' || course.state === 'at-risk';
  return { state: course.state, since: wrong ? course.since : null, onset: incident?.onsetAt ?? null };
}

/** What is wrong and where, in a line. */
export function titleOf(told: WhysCase): string {
  const { incident, name, slo, course } = told;
  if (incident !== undefined) return incidentTitle(told, incident);
  switch (course.state) {
    case 'ok':
      return `${name} delivers above ${targetShare(slo.target)}`;
    case 'unproven':
      return slo.good === slo.valid ? `No loss on ${name}, and too few runs to prove it` : `Little loss on ${name}, and too few runs to prove it`;
    case 'no-data':
      return `No run was counted on ${name}`;
    case 'at-risk':
      return `Delivery on ${name} is at risk`;
    case 'breached':
      return `Delivery on ${name} is below ${targetShare(slo.target)}`;
  }
}

function incidentTitle(told: WhysCase, { kind, scope, onsetAt }: Incident): string {
  const { name, groups, leaked } = told;
  const who = `${count(scope.affected)} of ${several(scope.of, scope.kind === 'environment' ? 'connection' : scope.kind)}`;
  const subject = scope.kind === 'connection' || scope.kind === 'user' ? `${who} on ${name}` : '';
  const one = scope.affected === 1;
  const bad = (groups.affected ?? []).filter((run) => isBad(run, told.incident));
  switch (kind) {
    case 'leak':
      return `${several(leaked, 'event')} on ${name} ${leaked === 1 ? 'was' : 'were'} shown to another user`;
    case 'down':
      return `${name} cannot be reached`;
    case 'auth':
      return subject === '' ? `${name} refuses to sign in` : `${subject} ${one ? 'is' : 'are'} not let in`;
    case 'silent':
      return subject === '' ? `${name} is silent` : `${subject} ${one ? 'has' : 'have'} fallen silent`;
    case 'restarted':
      return `Connections to ${name} were lost and came back at ${timeOfDay(onsetAt)}`;
    case 'lost':
      if (scope.kind === 'type') return `${listed(scope.names.map((type) => plain(type)), scope.affected)} ${one ? 'does' : 'do'} not arrive on ${name}`;
      if (subject === '') return `Events on ${name} do not arrive`;
      if (bad.length > 0 && bad.every((run) => run.closing === 'silence')) return `${subject} ${one ? 'stops' : 'stop'} in mid-run`;
      return `${subject} ${one ? 'loses' : 'lose'} events`;
    case 'agent-errors':
      return `The agent on ${name} failed in ${runs(groups.all.filter((run) => run.status === 'failed').length)}`;
    case 'late':
      return `Events on ${name} come late`;
    case 'duplicate':
      return `Events on ${name} come twice`;
    case 'out-of-order':
      return `Events on ${name} come out of order`;
    case 'dumped':
      return `Events on ${name} come all at once`;
  }
}

/** `36 of 14,487 expected events did not arrive.` */
export function lossWords({ sli, good, valid }: SloReport): string {
  const lost = valid - good;
  if (sli === 'events') return lost === 0 ? `Nothing was lost of ${several(valid, 'expected event')}.` : `${count(lost)} of ${several(valid, 'expected event')} did not arrive.`;
  return lost === 0 ? `All ${runs(valid)} were good.` : `${count(lost)} of ${runs(valid)} ${lost === 1 ? 'was' : 'were'} not good.`;
}

/** What is wrong, what it cost, and what else was seen. */
export function summaryOf(told: WhysCase): string[] {
  const { incident, incidents, slo, groups, leaked, recording, sums } = told;
  const found: string[] = incident === undefined ? [] : [plain(incident.sentence, longestSentence)];
  const target = targetShare(slo.target);
  if (slo.ratio === null) found.push('No run was counted, so nothing can be said of delivery.');
  else if (slo.good === slo.valid) {
    found.push(`No loss in ${runs(slo.trials)}${slo.verdict === 'met' ? `, which proves delivery above ${target}` : `, which is too few to prove ${target}`}: 100\u202f% delivered, ${range(slo.interval)} (95\u202f%).`);
  } else {
    const lossy = groups.all.filter((run) => run.status === 'incomplete').length;
    found.push(`${several(lossy, 'run')} of ${count(slo.trials)} lost ${several(slo.valid - slo.good, slo.sli === 'events' ? 'event' : 'run')} of ${count(slo.valid)}: delivery is ${share(slo.ratio)}, ${range(slo.interval)} (95\u202f%), against ${target}.`);
  }
  if (groups.others !== null && slo.good < slo.valid) {
    const rest = deliveryOf(groups.others, recording.engine.slo);
    if (rest.ratio !== null) found.push(rest.valid === rest.good ? `The others lost nothing of ${count(rest.valid)}.` : `The others lost ${count(rest.valid - rest.good)} of ${count(rest.valid)}.`);
  }
  if (sums.failed > 0 && incident?.kind !== 'agent-errors') found.push(`${several(sums.failed, 'run')} failed by the agent’s own word and ${slo.sli === 'events' ? 'are left out of delivery' : 'count as not good'}.`);
  if (leaked === 0 && recording.engine.events.decoded > 0) found.push(connectionCount(told) > 1 ? 'No leak between users was seen.' : '');
  for (const other of incidents.incidents.slice(1, 4)) found.push(`Also: ${plain(other.sentence, longestSentence)}`);
  return found.filter((sentence) => sentence !== '');
}
