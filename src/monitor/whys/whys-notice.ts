import { epochMs } from '#base/units.ts';
import { burnRules } from '#slo/burn-rate.ts';
import { timeOfDay } from '#monitor/figures.ts';
import type { WhysCase } from './whys-case.ts';
import type { BreachCause } from './whys-course.ts';
import { linkTo } from './whys-filter.ts';
import type { Evidence, Why } from './whys-report.ts';
import { why } from './whys-why.ts';
import { lasting, streakWords } from './whys-words.ts';

/** Sooner than this nobody asks. */
const soonMs = 5000;
const leastFactor = Math.min(...burnRules.filter(({ urgency }) => urgency === 'page').map(({ factor }) => factor));

/** Why it turned red when it did: what the alerts saw, and when. */
export function noticeWhy(told: WhysCase): Why {
  const { course, incident, from, to } = told;
  const onset = incident?.onsetAt ?? from;
  const streak = course.streaks.find(({ at }) => at >= onset);
  const evidence: Evidence[] = [];
  if (streak !== undefined) evidence.push({ text: `${streakWords(streak)} were complete at ${timeOfDay(streak.at)}`, link: linkTo(onset, streak.at) });
  if (course.highestBurn !== null && course.highestBurn > 0) evidence.push({ text: `highest 5 min burn ${course.highestBurn.toFixed(1)}×; pages begin at ${leastFactor}×`, link: linkTo(from, to) });
  if (course.pageAt !== null) evidence.push({ text: `the first burn alert that pages fired at ${timeOfDay(course.pageAt)}`, link: linkTo(from, course.pageAt) });
  if (course.state !== 'breached' || course.since === null) return quiet(told, evidence);
  const delay = course.since - onset;
  const reached = { text: `onset ${timeOfDay(onset)}, breached ${timeOfDay(course.since)}`, link: linkTo(onset, course.since) };
  return why(delay < soonMs ? 'Why did it turn red at once?' : `Why did it take ${lasting(delay)} to turn red?`, reasonOf(told), [reached, ...evidence]);
}

const reasons: Readonly<Record<BreachCause, string>> = {
  leak: 'One event that is shown to another user is an alarm, without any budget.',
  streak: 'The fifth lossy run in a row was closed then, and five page at once.',
  burn: 'The error budget burned fast enough over both windows of a burn alert, on 20 runs or more.',
  refuted: 'The exact interval fell below the target then. Nothing had paged before: the burn was too slow, or too few runs had been judged.',
};

/** The rule that turned it red. */
function reasonOf({ course, contract, groups }: WhysCase): string | null {
  if (course.cause === null) return null;
  const judged = groups.affected?.some((run) => run.status === 'incomplete' && run.closing === 'silence') === true ? ` A run that breaks off is judged after ${lasting(contract.eventTimeoutMs)} of silence.` : '';
  return `${reasons[course.cause]}${judged}`;
}

/** It is wrong and not red. */
function quiet({ course, incident, slo, from, to }: WhysCase, evidence: readonly Evidence[]): Why {
  const facts: Evidence[] = [...evidence];
  if (course.streaks.length === 0) facts.push({ text: 'no five lossy runs in a row', link: linkTo(from, to) });
  const question = `Why is the state ${course.state === 'ok' ? 'OK' : course.state.replace('-', ' ')} all the same?`;
  switch (incident?.kind) {
    case 'agent-errors':
      return why(question, slo.sli === 'events' ? 'A run that failed says nothing of delivery: its events are left out, and it is counted beside it.' : null, facts);
    case 'late':
    case 'dumped':
      return why(question, 'Everything came. When it came is told by the latency, and not by the share that was delivered.', facts);
    case 'duplicate':
    case 'out-of-order':
      return why(question, slo.sli === 'events' ? 'Delivery counts what came at least once; order and doubles are listed beside it.' : null, facts);
    default:
      return why(question, slo.verdict === 'unproven' ? 'Too few runs were judged to refute the target, and no alert fired.' : null, facts.length === 0 ? [{ text: `nothing fired until ${timeOfDay(epochMs(to))}`, link: null }] : facts);
  }
}
