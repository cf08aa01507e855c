import { epochMs } from '#base/units.ts';
import { eventFlags } from '#store/event-flags.ts';
import type { Run } from '#runs/run.ts';
import { runReport } from './run-report.ts';
import type { RunDetail, RunEventDetail } from './snapshot.ts';
import type { Watch } from './watch.ts';

const mostEvents = 2000;

/** All that is known of a run; undefined when it is forgotten, or never was. */
export function runDetail(watch: Watch, runId: string): RunDetail | undefined {
  const run = watch.book.withId(runId);
  if (run === undefined) return undefined;
  return {
    run: runReport(run),
    why: whyOf(run, watch),
    letters: watch.book.spelling(run),
    expectedByType: run.delivery.byType,
    events: watch.store.rowsOfRun(run.ordinal, mostEvents).flatMap((row) => eventDetail(watch, row)),
  };
}

function eventDetail(watch: Watch, row: number): RunEventDetail[] {
  const event = watch.store.event(row);
  if (event === undefined) return [];
  const line = watch.store.payload(row);
  const latencyMs = Number.isNaN(event.latencyMs) ? null : event.latencyMs;
  const clock = watch.engine.clockOf(watch.lanes[event.lane] ?? '')?.at(epochMs(event.at));
  return [
    {
      at: epochMs(event.at),
      type: watch.types.names[event.type] ?? '',
      disposition: dispositionOf(event.flags),
      latencyMs,
      uncertaintyMs: latencyMs === null ? null : (clock?.uncertainty ?? null),
      raw: line === undefined ? null : payloadOf(line),
    },
  ];
}

function dispositionOf(flags: number): RunEventDetail['disposition'] {
  for (const kind of ['duplicate', 'late', 'crossTalk', 'echo', 'orphan'] as const) if ((flags & eventFlags[kind]) !== 0) return kind;
  return 'attributed';
}

/** What came off the wire, out of the capture's line; a line that was cut is shown as it is. */
function payloadOf(line: string): string {
  try {
    const frame: { data?: unknown; text?: string; base64?: string } = JSON.parse(line);
    return frame.text ?? frame.base64 ?? JSON.stringify(frame.data, null, 2);
  } catch {
    return line;
  }
}

/** Why a run is judged as it is, in words that name the event, the time and the rule. */
function whyOf(run: Run, watch: Watch): string {
  const { contract } = watch.engine.rules;
  const missing = [...new Set(run.delivery.missing)].join(', ');
  switch (run.status) {
    case 'running':
      return run.events === 0
        ? `Triggered, and nothing has come yet. It is closed ${seconds(contract.firstEventTimeoutMs)} after its trigger if nothing does.`
        : 'Still running: what is missing may still come.';
    case 'complete':
      return run.good ? 'Everything that was expected came, once and in order.' : `Everything that was expected came, but ${flaws(run)}.`;
    case 'failed':
      return 'The agent itself said that it failed. Its events are left out of the delivery figures.';
    case 'inconclusive':
      return run.blind
        ? 'The monitor was blind during this run, so it cannot say who lost the events. It is left out of the figures.'
        : `Closed early (${closingWords[run.closing ?? 'end']}), so what is missing proves nothing. It is left out of the figures.`;
    case 'incomplete':
      return `${silence(run, contract.firstEventTimeoutMs, contract.eventTimeoutMs)} Missing: ${missing}.${others(run, watch)}`;
  }
}

function silence(run: Run, firstEventTimeoutMs: number, eventTimeoutMs: number): string {
  switch (run.closing) {
    case 'no-first-event':
      return `Nothing came for ${seconds(firstEventTimeoutMs)} after the trigger, so the run was closed as incomplete.`;
    case 'silence':
      return `After its last event nothing more came for ${seconds(eventTimeoutMs)}, so the run was closed as incomplete.`;
    case 'age':
      return 'The run grew older than a run may be, and was closed as incomplete.';
    default:
      return 'The run ended without everything that was expected.';
  }
}

function others(run: Run, watch: Watch): string {
  const type = run.delivery.missing[0];
  if (type === undefined) return '';
  let brought = 0;
  for (const other of watch.engine.tracker.closedNewestFirst()) {
    if ((other.closedAt ?? 0) < (run.closedAt ?? 0) - watch.environment.slo.windowMs) break;
    if (other !== run && other.status === 'complete') brought += 1;
  }
  return brought === 0 ? '' : ` ${brought} other ${brought === 1 ? 'run' : 'runs'} of the window brought everything.`;
}

function flaws(run: Run): string {
  const words = [
    run.duplicates > 0 ? `${run.duplicates} came twice` : '',
    run.delivery.outOfOrder > 0 ? 'out of order' : '',
    run.delivery.sequenceGap > 0 ? `${run.delivery.sequenceGap} numbers of its sequence are missing` : '',
    run.lates > 0 ? `${run.lates} came after it was closed` : '',
    run.delivery.dumped ? 'all at once instead of as they were sent' : '',
  ];
  return words.filter((word) => word !== '').join(', ');
}

const closingWords = {
  settled: 'it had ended',
  'no-first-event': 'nothing came',
  silence: 'nothing more came',
  age: 'it was too old',
  operator: 'the operator closed its connection',
  monitor: 'the monitor closed its connection',
  auth: 'its sign-in ran out',
  end: 'the capture ended',
} as const;

const seconds = (ms: number): string => `${ms / 1000} s`;
