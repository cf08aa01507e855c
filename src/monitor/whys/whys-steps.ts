import { count, targetShare, timeOfDay } from '#monitor/figures.ts';
import { changesBefore } from './whys-changes.ts';
import type { WhysCase } from './whys-case.ts';
import { isDifference, differenceOf } from './whys-difference.ts';
import type { NextStep, Why } from './whys-report.ts';
import { lasting, listed, place, plain, several, stretch } from './whys-words.ts';

/** What to do next, each step for something that was found. */
export function nextSteps(told: WhysCase, whys: readonly Why[]): NextStep[] {
  const { incident, history, recording, leaks, slo, sums, groups } = told;
  const texts: string[] = [];
  const changes = changesBefore(told);
  const found = differenceOf(told);
  const [leak] = leaks;
  if (leak !== undefined) texts.push(`Find in the target’s log whom it sent ${plain(leak.type)} of ${plain(leak.owner)} to at ${timeOfDay(leak.at)}, and stop what shares the sessions until that is known.`);
  const { version } = changes;
  if (version !== undefined) texts.push(`Hold version ${plain(version.version)}. Let one node run ${plain(version.before ?? 'the one before')} again, and compare.`);
  if (isDifference(found) && found.kind === 'transport' && found.before !== undefined && incident?.scope.kind === 'connection') {
    const [one] = incident.scope.names;
    if (one !== undefined) texts.push(`Reconnect ${place(one)} with ${plain(found.before)} only. If its runs turn complete, the ${plain(found.value ?? '')} path is the cause.`);
    if (found.value === 'polling') texts.push('Check that all polling requests of one connection reach the same node.');
  }
  const [first] = changes.closings;
  const last = changes.closings.at(-1);
  if (first !== undefined && last !== undefined) texts.push(`Look up in the target’s log why connections were closed ${stretch(first.at, last.at)}.`);
  const refused = history.stages.filter(({ stage, passed }) => stage === 'login' && !passed);
  if (incident?.kind === 'auth') texts.push(refused.length > 0 ? 'Check the credentials of the probes, and when their tokens end.' : 'Check when the tokens of the probes end, and whether they are renewed in time.');
  if (incident?.kind === 'down') texts.push('Check from this machine whether the target’s address answers at all, and what its health says.');
  if (incident?.kind === 'silent') texts.push(`Check on the target whether ${listed(incident.scope.names.map(incident.scope.kind === 'connection' ? place : (name) => plain(name)), incident.scope.affected)} still ${incident.scope.affected === 1 ? 'is' : 'are'} served there.`);
  if (incident?.kind === 'lost' && isDifference(found) === false && version === undefined) texts.push('Follow one lossy run in the target’s log, and find the last event that it handed to the socket.');
  if (incident?.kind === 'late') texts.push('Compare sending and receiving times of a slow event with what stands between target and user.');
  if (incident?.kind === 'duplicate') texts.push('Look for a second sender or a retry of the doubled events in the target’s log.');
  if (incident?.kind === 'out-of-order') texts.push('Find out whether one sender writes the events of a run, or several do.');
  if (incident?.kind === 'dumped') texts.push('Look for a buffer between the agent and the user: a proxy, a compression or a queue that waits.');
  if (sums.failed > 0) texts.push(`Open the ${several(sums.failed, 'failed run')}, and read what the agent said.`);
  if (recording.engine.frames.rejected > 0) texts.push(`Look at the ${several(recording.engine.frames.rejected, 'frame')} that could not be read: the dialect may be another one.`);
  if (incident !== undefined && history.versions.length === 0) texts.push('Let health name the target’s version (health.versionAt), so that the next report can tell when it changed.');
  if (incident === undefined && slo.verdict === 'unproven' && slo.cleanRunsNeeded !== null) texts.push(`Let it run on: ${several(slo.cleanRunsNeeded, 'more clean run')} would prove ${targetShare(slo.target)}.`);
  if (incident === undefined && slo.verdict === 'no-data') texts.push('Trigger runs, or watch longer: nothing was judged.');
  const blindMs = recording.blinds.reduce((sum, blind) => sum + Math.max(0, Math.min(blind.at, told.to) - Math.max(blind.from, told.from)), 0);
  if (blindMs > 0) texts.push(`Keep this monitor awake and online: it was blind for ${lasting(blindMs)}.`);
  if (incident !== undefined && groups.others === null && slo.trials > 0) texts.push('Watch another environment beside it, to see whether it fares the same.');
  const open = whys.flatMap(({ open: isOpen }, index) => (isOpen ? [count(index + 1)] : []));
  if (open.length > 0) texts.push(`Answer why ${listed(open, open.length)} above.`);
  return texts.map((text) => ({ text }));
}
