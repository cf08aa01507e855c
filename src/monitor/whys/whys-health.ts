import type { StageName } from '#record/record.ts';
import { clopperPearson } from '#slo/interval.ts';
import { LatencyTally } from '#timing/latency.ts';
import { count, timeOfDay } from '#monitor/figures.ts';
import type { LatencyReport } from '#monitor/report.ts';
import { connectionCount } from './whys-groups.ts';
import type { WhysCase } from './whys-case.ts';
import { linkTo, term } from './whys-filter.ts';
import type { HealthRow } from './whys-report.ts';
import { countBy, lasting, latencyWords, plain, several, tally } from './whys-words.ts';

/** Every part that events pass on their way, and this monitor itself. */
export const healthRows = (told: WhysCase, latency: LatencyReport): HealthRow[] => [login(told), connections(told), agentStart(told), eventStream(told), latencyRow(told, latency), isolation(told), monitor(told)];

/** Latencies of the stretch: of all since the first record, or of the minutes in it. */
export function latencyOf({ recording, from, to }: WhysCase): LatencyReport {
  const { engine, minutes } = recording;
  if (from === engine.header.at && to === engine.now) return engine.latency.summary();
  const latency = new LatencyTally();
  for (const minute of minutes.after(from)) if (minute.at < to) latency.merge(minute.latency);
  return latency.summary();
}

function login({ history, from, to, slo }: WhysCase): HealthRow {
  const newest = lastOf(history, 'login');
  const refused = newest.filter(({ passed }) => !passed);
  const expired = history.closings.filter(({ at, cause }) => cause === 'auth' && at >= from);
  const row = { component: 'Login', link: linkTo(from, to) } as const;
  if (newest.length === 0 && expired.length === 0) return { ...row, status: 'no-data', issue: 'no sign-in is recorded', impact: null, link: null };
  const issue = [
    newest.length === 0 ? '' : `${count(newest.length - refused.length)} of ${count(newest.length)} signed in`,
    refused.length === 0 ? '' : `refused: ${tally(countBy(refused, ({ why }) => why ?? 'no reason given'), 3)}`,
    expired.length === 0 ? '' : `${several(expired.length, 'connection')} closed for sign-in`,
    refused.length + expired.length === 0 ? 'none refused' : '',
  ];
  const impact = refused.length === 0 ? null : `${several(refused.length, 'connection')} cannot be watched`;
  return { ...row, status: statusOf(refused.length + expired.length, newest.length + expired.length, slo.target), issue: joined(issue), impact };
}

function connections(told: WhysCase): HealthRow {
  const { history, from, to, groups } = told;
  const all = connectionCount(told);
  const row = { component: 'Connections', link: linkTo(from, to) } as const;
  const lastClosing = new Map(history.closings.map((closing) => [closing.connection, closing]));
  const open = [...history.openingsOf].filter(([connection, openings]) => (openings.at(-1)?.at ?? 0) > (lastClosing.get(connection)?.at ?? Number.NEGATIVE_INFINITY));
  const ownDoing = [...lastClosing.values()].filter(({ connection, cause }) => (cause === 'operator' || cause === 'monitor') && !open.some(([id]) => id === connection)).length;
  const lost = history.closings.filter(({ at, cause }) => at >= from && cause !== 'operator' && cause !== 'monitor');
  const transports = countBy(open, ([, openings]) => openings.at(-1)?.transport);
  if (history.openingsOf.size === 0 && history.stages.length === 0) return { ...row, status: 'no-data', issue: 'no connection is recorded', impact: null, link: null };
  const down = all - open.length - ownDoing;
  const struck = groups.all.filter((run) => run.status === 'incomplete' && run.fault === 'network').length;
  return {
    ...row,
    status: down > 0 ? (open.length === 0 && ownDoing === 0 ? 'breached' : 'at-risk') : lost.length > 0 ? 'at-risk' : 'ok',
    issue: joined([
      `${count(open.length)} of ${count(all)} open${transports.size === 0 ? '' : ` (${tally(transports)})`}`,
      ownDoing === 0 ? '' : `${count(ownDoing)} closed on purpose`,
      lost.length === 0 ? 'none lost' : `lost ${several(lost.length, 'time')}: ${tally(countBy(lost, ({ cause }) => cause))}`,
    ]),
    impact: struck === 0 ? (down > 0 ? `${several(down, 'connection')} ${down === 1 ? 'brings' : 'bring'} nothing` : null) : `${several(struck, 'run')} broke with the network`,
  };
}

function agentStart({ groups, from, to, slo, contract, incidents }: WhysCase): HealthRow {
  const triggered = groups.all.filter((run) => run.triggered && run.status !== 'inconclusive');
  const silent = triggered.filter((run) => run.startedAt === undefined);
  const failed = groups.all.filter((run) => run.status === 'failed');
  const row = { component: 'Agent start', link: linkTo(from, to) } as const;
  if (triggered.length === 0 && failed.length === 0) return { ...row, status: 'no-data', issue: incidents.lastGood === null ? 'no run was triggered' : 'no run was triggered by this monitor', impact: null, link: null };
  const starts = triggered.flatMap((run) => (run.startedAt === undefined ? [] : [run.startedAt - run.openedAt])).sort((a, b) => a - b);
  const median = starts[Math.ceil(starts.length / 2) - 1];
  return {
    ...row,
    status: statusOf(silent.length + failed.length, groups.all.length, slo.target),
    issue: joined([
      `${count(silent.length)} of ${count(triggered.length)} did not send ${contract.first}`,
      median === undefined ? '' : `median ${latencyWords(median)}`,
      failed.length === 0 ? '' : `${several(failed.length, 'run')} failed by the agent’s own word`,
    ]),
    impact: silent.length + failed.length === 0 ? null : `${several(silent.length + failed.length, 'run')} without an answer`,
    link: failed.length > 0 ? linkTo(from, to, term('status', 'failed')) : row.link,
  };
}

function eventStream({ slo, groups, from, to, recording }: WhysCase): HealthRow {
  const judged = groups.all.filter((run) => run.status === 'complete' || run.status === 'incomplete');
  const lossy = judged.filter((run) => run.status === 'incomplete');
  const row = { component: 'Event stream', link: linkTo(from, to, ...(lossy.length === 0 ? [] : [term('violation', 'missing')])) } as const;
  if (judged.length === 0) return { ...row, status: 'no-data', issue: 'no run was judged', impact: null, link: null };
  const lost = lossy.reduce((sum, run) => sum + run.violation('missing'), 0);
  const expected = judged.reduce((sum, run) => sum + run.delivery.expected, 0);
  const flaws = [
    ['duplicate', 'doubled'],
    ['out_of_order', 'out of order'],
    ['dumped', 'sent all at once'],
  ] as const;
  const { rejected } = recording.engine.frames;
  return {
    ...row,
    status: statusOf(lossy.length, judged.length, slo.target),
    issue: joined([
      `${count(lossy.length)} of ${several(judged.length, 'run')} incomplete`,
      ...flaws.map(([kind, word]) => {
        const n = groups.all.filter((run) => run.violation(kind) > 0).length;
        return n === 0 ? '' : `${count(n)} with events ${word}`;
      }),
      rejected === 0 ? '' : `${several(rejected, 'frame')} could not be read`,
    ]),
    impact: lost === 0 ? null : `${count(lost)} of ${count(expected)} events lost`,
  };
}

function latencyRow({ recording, from, to }: WhysCase, { count: n, p95, uncertaintyMs, unsynced, impossible }: LatencyReport): HealthRow {
  const { latencyMs } = recording.engine.slo;
  const row = { component: 'Latency', link: linkTo(from, to) } as const;
  const apart = unsynced + impossible === 0 ? '' : `${count(unsynced)} unsynced and ${count(impossible)} impossible stand apart`;
  if (p95 === null || uncertaintyMs === null) return { ...row, status: 'no-data', issue: joined(['no latency could be measured', apart]), impact: null, link: null };
  const late = latencyMs !== undefined && p95 > latencyMs;
  return {
    ...row,
    // Within the error of the clocks nobody can say.
    status: latencyMs === undefined ? 'not-judged' : !late ? 'ok' : p95 - uncertaintyMs > latencyMs ? 'breached' : 'at-risk',
    issue: joined([`p95 ${latencyWords(p95)} ±${latencyWords(uncertaintyMs)} of ${several(n, 'event')}`, latencyMs === undefined ? 'no objective is set' : `objective ${latencyWords(latencyMs)}`, apart]),
    impact: late ? `the slowest of 20 events came after ${latencyWords(p95)} or more` : null,
    link: late ? linkTo(from, to, `latency:>${Math.round(latencyMs)}ms`) : row.link,
  };
}

function isolation({ recording, leaked, leaks, from, to, groups }: WhysCase): HealthRow {
  const { decoded } = recording.engine.events;
  const row = { component: 'Isolation', link: linkTo(from, to, term('is', 'leaked')) } as const;
  if (decoded === 0) return { ...row, status: 'no-data', issue: 'no event came', impact: null, link: null };
  const owners = new Set(groups.all.map((run) => run.connection.user ?? run.connection.id));
  const issue = `${several(leaked, 'leak')} in ${several(decoded, 'event')}`;
  if (leaked > 0) return { ...row, status: 'breached', issue, impact: `${several(new Set(leaks.map(({ owner }) => owner)).size, 'user')} seen on ${several(new Set(leaks.map(({ connection }) => connection)).size, 'connection')} of others` };
  return owners.size > 1 ? { ...row, status: 'ok', issue, impact: null, link: linkTo(from, to) } : { ...row, status: 'not-judged', issue: `${issue}; one user alone can see no other’s`, impact: null, link: null };
}

function monitor({ recording, from, to, sums, history }: WhysCase): HealthRow {
  const blinds = recording.blinds.filter((blind) => blind.at >= from && blind.from <= to);
  const blindMs = blinds.reduce((sum, blind) => sum + blind.at - blind.from, 0);
  const longest = blinds.toSorted((a, b) => b.at - b.from - (a.at - a.from))[0];
  return {
    component: 'This monitor',
    status: blinds.some((blind) => blind.at >= to) ? 'blind' : 'ok',
    issue: joined([
      longest === undefined ? 'never blind' : `blind ${lasting(blindMs)} in all: ${plain(longest.cause)} at ${timeOfDay(longest.from)}${blinds.length > 1 ? ` and ${several(blinds.length - 1, 'time')} more` : ''}`,
      history.whole ? '' : 'its oldest records had to make room',
    ]),
    impact: sums.inconclusive === 0 ? null : `${several(sums.inconclusive, 'inconclusive run')} left out`,
    link: longest === undefined ? null : linkTo(longest.from, longest.at),
  };
}

/** The newest word of each connection on a stage. */
function lastOf({ stages }: WhysCase['history'], name: StageName): WhysCase['history']['stages'] {
  const newest = new Map(stages.filter(({ stage }) => stage === name).map((stage) => [stage.connection, stage]));
  return [...newest.values()];
}

/** What so many bad ones of so many say of a promise: the rule of the contract for runs. */
function statusOf(bad: number, all: number, target: number): HealthRow['status'] {
  if (all === 0) return 'no-data';
  if (bad === 0) return 'ok';
  const good = Math.max(0, all - bad);
  if (clopperPearson(good, all)[1] < target) return 'breached';
  return good / all < target ? 'at-risk' : 'ok';
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('; ');
