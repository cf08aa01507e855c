import type { Run, RunClosing } from '#runs/run.ts';
import { count, runs as runsWords, targetShare, timeOfDay } from '#monitor/figures.ts';
import { letteredTypes, letterAt } from '#monitor/letters.ts';
import type { Incident } from '#monitor/incident/incident-report.ts';
import { causeWords } from './whys-changes.ts';
import { connectionCount, struck } from './whys-groups.ts';
import type { StageEnd } from './whys-history.ts';
import { isBad, type WhysCase } from './whys-case.ts';
import { affectedLink, linkTo, term } from './whys-filter.ts';
import type { Evidence, Why } from './whys-report.ts';
import { why } from './whys-why.ts';
import { countBy, lasting, listed, place, plain, range, several, streakWords, tally } from './whys-words.ts';
import { lossWords, stateText } from './whys-verdict.ts';

const shownLeaks = 5;
const longestSentence = 500;

/** Why the state is what it is: the figures, and what they prove. */
export function stateWhy(told: WhysCase): Why {
  const { name, slo, course, from, to, leaked } = told;
  const question = course.state === 'no-data' ? `Why was nothing counted on ${name}?` : `Why is ${name} ${course.state === 'ok' ? 'OK' : stateText[course.state].toLowerCase()}?`;
  if (leaked > 0) {
    const first = told.leaks[0];
    const at = first === undefined ? [] : [{ text: `the first at ${timeOfDay(first.at)}`, link: linkTo(first.at, first.at, term('is', 'leaked')) }];
    return why(question, `${several(leaked, 'event')} ${leaked === 1 ? 'was' : 'were'} shown to another user. One is an alarm; no budget covers it.`, [{ text: `${several(leaked, 'leak')} in ${several(told.recording.engine.events.decoded, 'event')}`, link: linkTo(from, to, term('is', 'leaked')) }, ...at]);
  }
  if (slo.ratio === null) return why(question, 'No run was counted.', [{ text: `${count(told.sums.inconclusive)} inconclusive, ${count(told.sums.failed)} failed, ${count(told.running)} still running`, link: linkTo(from, to) }, ...heard(told)]);
  const evidence: Evidence[] = [{ text: `exact interval ${range(slo.exact)}, from ${runsWords(slo.trials)}: ${provesWhat(told)}`, link: linkTo(from, to, term('violation', 'missing')) }];
  if (slo.budgetConsumed !== null) {
    const until = course.provenUntil === null ? '' : `; no longer proven from ${timeOfDay(course.provenUntil)}`;
    evidence.push({ text: `error budget ${count(Math.ceil(slo.budgetConsumed * 100))}\u202f% used${until}`, link: null });
  }
  for (const streak of course.paging > 0 ? course.streaks.slice(0, 1) : []) evidence.push({ text: `${streakWords(streak)} at ${timeOfDay(streak.at)}: a page`, link: linkTo(from, streak.at, term(streak.scope, streak.name)) });
  return why(question, `${lossWords(slo)} ${verdictWords(told)}`, evidence);
}

function verdictWords({ slo, course }: WhysCase): string {
  const target = targetShare(slo.target);
  if (slo.verdict === 'missed') return `${target} is refuted.`;
  if (course.state === 'breached') return course.paging > 0 ? 'Five lossy runs in a row page at once.' : 'The error budget burns fast enough to page.';
  if (slo.verdict === 'met') return `${target} is proven.`;
  return `${runsWords(slo.trials)} ${slo.trials === 1 ? 'is' : 'are'} too few to say whether ${target} holds.`;
}

function provesWhat({ slo }: WhysCase): string {
  const target = targetShare(slo.target);
  if (slo.verdict === 'missed') return `all of it below ${target}`;
  return slo.verdict === 'met' ? `all of it at or above ${target}` : `${target} lies within`;
}

export function leakEvidence({ leaks, leaked, from, to, recording }: WhysCase): Evidence[] {
  const found: Evidence[] = leaks.slice(0, shownLeaks).map(({ at, connection, type, owner }) => {
    const user = recording.engine.tracker.connection(connection).user;
    return { text: `${timeOfDay(at)} ${plain(type)} of ${plain(owner)} on ${place(connection)}${user === undefined ? '' : `, signed in as ${plain(user)}`}`, link: linkTo(at, at, term('is', 'leaked')) };
  });
  if (leaked > found.length) found.push({ text: `${count(leaked - found.length)} more`, link: linkTo(from, to, term('is', 'leaked')) });
  return found;
}

/** Why what was expected did not arrive: where the runs broke off, and what did not happen. */
export function lossWhy(told: WhysCase): Why {
  const { incident, groups, contract, recording, from, to } = told;
  const members = groups.affected ?? groups.all;
  const lossy = members.filter((run) => isBad(run, incident));
  const question = 'Why did they not arrive?';
  if (lossy.length === 0) return linkCauseWhy(told);
  const ends = countBy(lossy, (run) => run.closing);
  const seconds = (ms: number): string => lasting(ms);
  const words: Readonly<Partial<Record<RunClosing, (n: string, one: boolean) => string>>> = {
    silence: (n) => `${n} broke off: nothing followed for ${seconds(contract.eventTimeoutMs)}.`,
    'no-first-event': (n) => `${n} brought nothing for ${seconds(contract.firstEventTimeoutMs)} after the trigger.`,
    age: (n, one) => `${n} ${one ? 'was' : 'were'} still open after ${seconds(contract.runTimeoutMs)}.`,
    settled: (n, one) => `${n} came to ${one ? 'its' : 'their'} end without ${listed([...new Set(lossy.filter((run) => run.closing === 'settled').flatMap((run) => run.delivery.missing))].map((type) => plain(type)))}.`,
  };
  const parts = [...ends]
    .sort(([, a], [, b]) => b - a)
    .flatMap(([closing, n]) => {
      const say = Object.entries(words).find(([name]) => name === closing)?.[1];
      return say === undefined ? [] : [say(runsWords(n), n === 1)];
    });
  const late = members.reduce((sum, run) => sum + run.lates, 0);
  const duplicate = members.reduce((sum, run) => sum + run.duplicates, 0);
  const { rejected } = recording.engine.frames;
  const connections = new Set(lossy.map((run) => run.connection.id)).size;
  const network = lossy.filter((run) => run.networkClosed).length;
  const evidence: Evidence[] = [];
  const lastHeard = countBy(lossy.filter((run) => run.closing === 'silence'), (run) => lastTypeOf(told, run));
  if (lastHeard.size > 0) evidence.push({ text: `last event: ${tally(lastHeard)} runs`, link: affectedLink(told, term('status', 'incomplete')) });
  evidence.push({ text: `missing: ${tally(countBy(lossy.flatMap((run) => run.delivery.missing), (type) => type))}, on ${several(connections, 'connection')} of ${count(connectionCount(told))}`, link: affectedLink(told, term('violation', 'missing')) });
  evidence.push({ text: `late ${count(late)}, rejected ${count(rejected)}, duplicate ${count(duplicate)}${late + rejected === 0 ? ': not lost in this monitor' : ''}`, link: linkTo(from, to, `(${term('violation', 'late')} OR ${term('violation', 'duplicate')})`) });
  if (network > 0) evidence.push({ text: `the network closed the connection of ${runsWords(network)} meanwhile`, link: affectedLink(told, term('fault', 'network')) });
  return why(question, `${parts.join(' ')}${late === 0 ? ' Nothing came late.' : ''}`, evidence);
}

/** Where connections bring nothing, and the figures are not wrong for it: what is known of them. */
export function linkWhy(told: WhysCase, incident: Incident): Why {
  const who = struck(incident, connectionCount(told));
  const shown = incident.kind === 'silent' ? lastHeard(told, incident) : linkEvidence(told);
  return why(incident.kind === 'restarted' ? 'Why were runs in danger?' : `Why does nothing come over ${who}?`, plain(incident.sentence, longestSentence), shown);
}

/** Where nobody was let in, or nobody is any more: at which step. What stands behind it the target's side has to say. */
function linkCauseWhy(told: WhysCase): Why {
  const failed = stopped(told);
  const stages = countBy(failed, ({ stage }) => stage);
  const answer = failed.length === 0 ? null : `${count(failed.length)} of ${several(connectionCount(told), 'connection')} ${failed.length === 1 ? 'is' : 'are'} stopped at: ${tally(stages)}.`;
  return why(told.incident?.kind === 'silent' ? 'Why is nothing sent?' : 'Why were they lost, or not let in?', answer, linkEvidence(told));
}

/** Connections that failed at a stage the last time that they tried. */
function stopped({ history }: WhysCase): StageEnd[] {
  const newest = new Map(history.stages.map((stage) => [stage.connection, stage]));
  return [...newest.values()].filter(({ passed }) => !passed);
}

function linkEvidence(told: WhysCase): Evidence[] {
  const { history, from, to } = told;
  const failed = stopped(told);
  const lost = history.closings.filter(({ at, cause }) => at >= from && cause !== 'operator' && cause !== 'monitor');
  const evidence: Evidence[] = [];
  const [refusal] = failed;
  const [closing] = lost;
  if (refusal !== undefined) evidence.push({ text: `refused: ${tally(countBy(failed, ({ why: reason }) => reason ?? 'no reason given'))}`, link: linkTo(refusal.at, to) });
  if (closing !== undefined) evidence.push({ text: `closed ${several(lost.length, 'time')}, the first at ${timeOfDay(closing.at)}, by: ${tally(countBy(lost, ({ cause }) => causeWords[cause]))}`, link: linkTo(closing.at, to) });
  return [...evidence, ...heard(told)];
}

function lastHeard({ recording, to }: WhysCase, { scope }: Incident): Evidence[] {
  const lanes = scope.kind === 'connection' ? scope.names.filter((name) => recording.lanes.includes(name)) : recording.lanes;
  return lanes.slice(0, shownLeaks).flatMap((lane) => {
    const at = recording.lastEventAt[recording.laneOf(lane)];
    return at === undefined || at > to ? [] : [{ text: `last event on ${place(lane)} at ${timeOfDay(at)}`, link: linkTo(at, to, term('connection', lane)) }];
  });
}

function heard({ history }: WhysCase): Evidence[] {
  const { asked, bad } = history.health;
  return asked === 0 ? [] : [{ text: `health asked ${several(asked, 'time')}, not well ${count(bad)}`, link: null }];
}

/** The type that a run brought last, where it has a letter of its own. */
function lastTypeOf({ recording }: WhysCase, run: Run): string {
  const last = recording.book.spelling(run).replaceAll('·', '').at(-1);
  return letteredTypes.find((_, index) => letterAt(index) === last) ?? 'another type';
}
