import type { Contract } from '#environment/schema.ts';
import type { Run, RunClosing } from '#runs/run.ts';
import { count, timeOfDay } from './figures.ts';
import type { Recording } from './recording.ts';

/** Why a run is judged as it is, in words that name the event, the time and the rule. */
export function whyOf(run: Run, recording: Recording, lastType: string | undefined): string {
  const { contract } = recording.engine.rules;
  switch (run.status) {
    case 'running':
      return run.events === 0
        ? `Triggered, and nothing has come yet. It is closed ${seconds(contract.firstEventTimeoutMs)} after its trigger if nothing does.`
        : 'Still running: what is missing may still come.';
    case 'complete': {
      const found = flaws(run);
      return found === '' ? 'Everything that was expected came, once and in order.' : `Everything that was expected came, but ${found}.`;
    }
    case 'failed':
      return `The agent itself said that it failed. ${recording.engine.slo.sli === 'events' ? 'Its events are left out of the delivery figures.' : 'It counts as a run that was not good.'}`;
    case 'inconclusive':
      return run.blind
        ? 'The monitor was blind during this run, so it cannot say who lost the events. It is left out of the figures.'
        : `Closed early (${earlyWords[run.closing ?? 'end'] ?? 'before its end'}), so what is missing proves nothing. It is left out of the figures.`;
    case 'incomplete':
      return `${ending(run, contract, lastType)}${others(run, recording)}`;
  }
}

/** How an incomplete run came to its end. */
function ending(run: Run, { firstEventTimeoutMs, eventTimeoutMs, runTimeoutMs }: Contract, lastType: string | undefined): string {
  const missing = [...new Set(run.delivery.missing)].join(', ');
  switch (run.closing) {
    case 'no-first-event':
      return `After its trigger at ${timeOfDay(run.openedAt)} nothing came for ${seconds(firstEventTimeoutMs)}, so the run was closed as incomplete.`;
    case 'silence':
      return `After ${lastType ?? 'its last event'} at ${timeOfDay(run.lastEventAt ?? run.openedAt)} nothing more came for ${seconds(eventTimeoutMs)}, so the run was closed as incomplete.`;
    case 'age':
      return `The run was open for ${seconds(runTimeoutMs)} and was closed as incomplete, without ${missing}.`;
    default:
      return `The run ended at ${timeOfDay(run.lastEventAt ?? run.openedAt)} without ${missing}.`;
  }
}

/** How the other connections fared with what this run lacked first. */
function others(run: Run, recording: Recording): string {
  const lacking = new Set(run.delivery.missing);
  const type = recording.engine.rules.contract.requiredEvents.find((required) => lacking.has(required)) ?? run.delivery.missing[0];
  if (type === undefined) return '';
  const gotEvery = new Map<string, boolean>();
  for (const other of recording.engine.tracker.closedNewestFirst()) {
    if ((other.closedAt ?? 0) < (run.closedAt ?? 0) - recording.environment.slo.windowMs) break;
    if (other.connection === run.connection || (other.status !== 'complete' && other.status !== 'incomplete')) continue;
    const { id } = other.connection;
    gotEvery.set(id, (gotEvery.get(id) ?? true) && !other.delivery.missing.includes(type));
  }
  const all = gotEvery.size;
  if (all === 0) return '';
  const whole = [...gotEvery.values()].filter(Boolean).length;
  if (whole === all) return ` The other ${all === 1 ? 'connection' : `${count(all)} connections`} got every ${type}.`;
  if (all === 1) return ` The other connection lost ${type} too.`;
  return ` ${whole === 0 ? 'None' : count(whole)} of the other ${count(all)} connections got every ${type}.`;
}

function flaws(run: Run): string {
  const { outOfOrder, sequenceGap, dumped } = run.delivery;
  const words = [
    run.duplicates > 0 ? `${count(run.duplicates)} came twice` : '',
    outOfOrder > 0 ? 'out of order' : '',
    sequenceGap > 0 ? `${count(sequenceGap)} ${sequenceGap === 1 ? 'number of its sequence is' : 'numbers of its sequence are'} missing` : '',
    run.lates > 0 ? `${count(run.lates)} came after it was closed` : '',
    dumped ? 'all at once instead of as they were sent' : '',
  ];
  return words.filter((word) => word !== '').join(', ');
}

const earlyWords: Readonly<Partial<Record<RunClosing, string>>> = {
  operator: 'the operator closed its connection',
  monitor: 'the monitor closed its connection',
  auth: 'its sign-in ran out',
  end: 'the capture ended',
};

const seconds = (ms: number): string => `${ms / 1000} s`;
