import type { ReconnectResult } from '#monitor/experiment.ts';
import { age } from '#monitor/figures.ts';
import { plainLine, plainName } from './terminal.ts';

const outcomes: Readonly<Record<ReconnectResult['outcome'], string>> = { resumed: 'RESUMED', lost: 'LOST', 'not-reopened': 'NOT REOPENED', 'not-done': 'NOT DONE' };

const shownTypes = 20;

/** An experiment's result for people: what it means, and the figures behind it. */
export function printExperiment(result: ReconnectResult): string {
  const { outcome, sentence, connection, run, reopenedAfterMs, recovered, expected, delivered, lost, missing, replayed, doubled } = result;
  const head = `Experiment reconnect: ${outcomes[outcome]}  ${plainLine(sentence)}`;
  if (connection === null || run === null) return head;
  return [
    head,
    row('cut', `${plainName(connection)} in run ${plainName(run)}`),
    row('open again', reopenedAfterMs === null ? 'no' : `after ${age(reopenedAfterMs)}`),
    row('claimed', recovered === null ? 'nothing' : recovered ? 'session recovered' : 'no recovery'),
    row('delivered', `${delivered} of ${expected} expected events`),
    row('lost', lost === 0 ? '0' : `${lost} (${missing.slice(0, shownTypes).map(plainName).join(' ')}${missing.length > shownTypes ? ' …' : ''})`),
    row('replayed', String(replayed)),
    row('doubled', String(doubled)),
  ].join('\n');
}

const row = (label: string, text: string): string => `  ${label.padEnd(10)} ${text}`;
