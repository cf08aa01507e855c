import { count, runs as runsWords, share, targetShare } from '#monitor/figures.ts';
import type { Incident } from '#monitor/incident/incident-report.ts';
import { isBad, type WhysCase } from './whys-case.ts';
import { affectedLink, linkTo, term } from './whys-filter.ts';
import { connectionCount } from './whys-groups.ts';
import { latencyOf } from './whys-health.ts';
import { leakEvidence, stateWhy } from './whys-loss.ts';
import type { Evidence, Why } from './whys-report.ts';
import { why } from './whys-why.ts';
import { countBy, lasting, latencyWords, place, plain, range, several, tally } from './whys-words.ts';

/** By what an event was known to be another's: the one thing that the rule looks at. */
export function leakWhy(told: WhysCase): Why {
  const { leaks } = told;
  const pairs = countBy(leaks, ({ owner, connection }) => `${plain(owner)} on ${place(connection)}`);
  const evidence: Evidence[] = [{ text: `whose, and where: ${tally(pairs, 5, ': ')}`, link: linkTo(told.from, told.to, term('is', 'leaked')) }, ...leakEvidence(told)];
  return why('Why do they count as another user’s?', leaks.length === 0 ? null : 'Each of them names a user, a run or a thread that belongs to somebody else than who is signed in on the connection over which it came.', evidence);
}

/** Of what is wrong without any loss: what was seen, and what bears on its cause, which no record tells. */
export function flawWhys(told: WhysCase, incident: Incident): readonly [Why, Why] {
  return [flawWhy(told, incident), causeWhy(told, incident)];
}

function flawWhy(told: WhysCase, { kind }: Incident): Why {
  const { name, groups, slo } = told;
  const bad = (groups.affected ?? groups.all).filter((run) => isBad(run, told.incident));
  const delivered: Evidence = { text: slo.ratio === null ? 'delivery: no data' : `delivery: ${share(slo.ratio)}, ${range(slo.interval)} (95\u202f%) of ${runsWords(slo.trials)}`, link: linkTo(told.from, told.to) };
  const of = `${runsWords(bad.length)} of ${count((groups.affected ?? groups.all).length)}`;
  switch (kind) {
    case 'agent-errors':
      return why(`Why did runs on ${name} fail?`, `The agent itself said so: ${of} since the onset sent ${told.contract.failureEvents.map((type) => plain(type)).join(' or ')}.`, [{ text: `failed: ${of}`, link: affectedLink(told, term('status', 'failed')) }, delivered]);
    case 'late': {
      const { p50, p95, uncertaintyMs, count: events } = latencyOf(told);
      const objective = told.recording.engine.slo.latencyMs;
      const measured = p95 === null || uncertaintyMs === null || p50 === null ? [] : [{ text: `p50 ${latencyWords(p50)}, p95 ${latencyWords(p95)} ±${latencyWords(uncertaintyMs)} of ${several(events, 'event')}`, link: linkTo(told.from, told.to, ...(objective === undefined ? [] : [`latency:>${Math.round(objective)}ms`])) }];
      return why(`Why are events on ${name} late?`, p95 === null || objective === undefined ? null : `The p95 of their latency is ${latencyWords(p95)}, and the objective ${latencyWords(objective)}.`, [...measured, delivered]);
    }
    case 'duplicate':
      return why(`Why do events on ${name} come twice?`, `${several(bad.reduce((sum, run) => sum + run.duplicates, 0), 'event')} came again, in ${of}, with the same identity as one that had been accepted.`, [{ text: `doubled: ${of}`, link: affectedLink(told, term('violation', 'duplicate')) }, delivered]);
    case 'out-of-order':
      return why(`Why do events on ${name} come out of order?`, `They came over one connection in another order than the contract has, in ${of}.`, [{ text: `out of order: ${of}`, link: affectedLink(told, term('violation', 'out_of_order')) }, delivered]);
    case 'dumped':
      return why(`Why do events on ${name} come all at once?`, `By their sending times they lie a second or more apart, and they came within a fifth of that, in ${of}.`, [{ text: `all at once: ${of}`, link: affectedLink(told, term('violation', 'dumped')) }, delivered]);
    default:
      return stateWhy(told);
  }
}

function causeWhy(told: WhysCase, { kind }: Incident): Why {
  const bad = (told.groups.affected ?? told.groups.all).filter((run) => isBad(run, told.incident));
  const connections: Evidence = { text: `seen on ${several(new Set(bad.map((run) => run.connection.id)).size, 'connection')} of ${count(connectionCount(told))}`, link: affectedLink(told) };
  switch (kind) {
    case 'agent-errors':
      return why('Why did the agent fail?', null, [connections, { text: `letters of the failed runs: ${tally(countBy(bad, (run) => told.recording.book.spelling(run)), 3)}`, link: affectedLink(told, term('status', 'failed')) }]);
    case 'late': {
      const starts = told.groups.all.flatMap((run) => (run.triggered && run.firstEventAt !== undefined ? [run.firstEventAt - run.openedAt] : [])).sort((a, b) => a - b);
      const median = starts[Math.ceil(starts.length / 2) - 1];
      return why('Why does it take them so long?', null, median === undefined ? [] : [{ text: `median time to the first event ${latencyWords(median)}, by this monitor’s clock alone`, link: linkTo(told.from, told.to) }]);
    }
    default:
      return why('Why does the target send them so?', null, [connections]);
  }
}

/** Nothing is known to be wrong: what that rests on, and what it does not say. */
export function quietWhys(told: WhysCase): Why[] {
  const { slo, from, to, recording, sums, course } = told;
  const { frames, events } = recording.engine;
  const perMinute = slo.trials / Math.max((to - from) / 60_000, 1 / 60);
  const needed = slo.cleanRunsNeeded;
  const blindMs = recording.blinds.reduce((sum, blind) => sum + Math.max(0, Math.min(blind.at, to) - Math.max(blind.from, from)), 0);
  const found: Why[] = [stateWhy(told)];
  if (slo.verdict === 'unproven' || slo.verdict === 'no-data') {
    const rate: Evidence = { text: `${runsWords(slo.trials)} in ${lasting(to - from)}, ${perMinute.toFixed(1)} a minute`, link: linkTo(from, to) };
    found.push(why(slo.trials === 0 ? 'Why was no run judged?' : 'Why are there too few runs?', slo.trials === 0 || needed === null ? null : `At this rate the ${several(needed, 'clean run')} that would prove ${targetShare(slo.target)} take ${lasting((needed / perMinute) * 60_000)}.`, [rate]));
  }
  const left = sums.inconclusive + (slo.sli === 'events' ? sums.failed : 0);
  found.push(
    left === 0
      ? why('Why can the figures be trusted?', 'Every frame is accounted for, and no run was left out.', [
          { text: `frames ${count(frames.received)} = control ${count(frames.control)} + eventful ${count(frames.eventful)} + rejected ${count(frames.rejected)}`, link: linkTo(from, to) },
          { text: `events ${count(events.decoded)}, of them late ${count(events.late)}, orphan ${count(events.orphan)}; this monitor was ${blindMs === 0 ? 'never blind' : `blind for ${lasting(blindMs)}`}`, link: null },
        ])
      : why('Why were runs left out?', `${count(sums.inconclusive)} inconclusive${slo.sli === 'events' ? ` and ${count(sums.failed)} failed` : ''} runs say nothing of delivery.`, [{ text: `closed: ${tally(countBy(told.groups.all.filter((run) => run.status === 'inconclusive' || run.status === 'failed'), (run) => (run.blind ? 'while this monitor was blind' : run.status === 'failed' ? 'failed by the agent’s own word' : `by ${run.closing ?? 'end'}`)))}`, link: linkTo(from, to, term('status', sums.inconclusive > 0 ? 'inconclusive' : 'failed')) }]),
    why('Why would a loss be noticed?', slo.trials === 0 ? null : 'Five lossy runs in a row page at once, and so does a budget that burns too fast. Neither came.', [
      { text: `${course.streaks.length === 0 ? 'no five lossy runs in a row' : `${several(course.streaks.length, 'row')} of five lossy runs`} among ${runsWords(slo.trials)}${course.highestBurn === null ? '' : `; highest 5 min burn ${course.highestBurn.toFixed(1)}×`}`, link: linkTo(from, to) },
    ]),
    why('Why would real users see the same as this monitor?', null, []),
  );
  if (found.length < 5) found.push(why('Why was this report asked for?', null, []));
  return found.slice(0, 5);
}
