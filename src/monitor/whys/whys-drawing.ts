import type { EpochMs } from '#base/units.ts';
import { count, share, targetShare, timeOfDay } from '#monitor/figures.ts';
import type { EvidenceGroup, EvidenceLink, PathCell, PathGroup, SuccessMetric, WhysReport } from './whys-report.ts';
import { stateText } from './whys-verdict.ts';
import { range } from './whys-words.ts';

/** How a report is drawn. */
export interface WhysDrawing {
  /** Absolute address of the page that shows the records, without its query; undefined where it is not known. */
  readonly page?: string | undefined;
  /** How that page names the environment, where it is not as in the report. */
  readonly env?: string | undefined;
  /** What people answered, by the number of the why from 1. */
  readonly answers?: ReadonlyMap<number, string> | undefined;
}

/** A link to a single moment shows this much around it. */
const leastMs = 10_000;

/** The query of the page's address that shows what a figure was counted from: times are absolute. */
export function queryOf(report: WhysReport, link: EvidenceLink, env = report.environment.id): string {
  const short = Math.max(0, leastMs - (link.to - link.from)) / 2;
  const time = (at: number): string => new Date(at).toISOString();
  const fields = new URLSearchParams({ view: 'triage', env, from: time(link.from - short), to: time(link.to + short) });
  if (link.filter !== null) fields.set('filter', link.filter);
  return `?${fields.toString()}`;
}

/** The absolute address; undefined where the page is not known, or is none that a browser should be led to. */
export function addressOf(report: WhysReport, link: EvidenceLink, { page, env }: WhysDrawing): string | undefined {
  return page !== undefined && /^https?:\/\//i.test(page) ? `${page}${queryOf(report, link, env)}` : undefined;
}

export const placesHint = 'Where the records are: put each query behind the address of a Runwatch page in which this capture is open.';

const longDate: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
/** `Wednesday 18 November 2026` */
const dayOf = (at: EpochMs): string => new Date(at).toLocaleDateString('en-GB', longDate).replace(',', '');
const withZone: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short' };

/** `Wednesday 18 November 2026, 15:12:22 CET (14:12:22 UTC)`: all other times of a report are in that zone. */
export function dateLine(at: EpochMs): string {
  const local = `${dayOf(at)}, ${new Date(at).toLocaleTimeString('en-GB', withZone)}`;
  return local.endsWith(' UTC') ? local : `${local} (${new Date(at).toISOString().slice(11, 19)} UTC)`;
}

/** `Window 14:12:22 to 15:12:22. Capture staging.jsonl.gz.` */
export function windowLine({ window: { from, to }, capture, environment }: WhysReport): string {
  const day = new Date(from).toDateString() === new Date(to).toDateString() ? '' : `${dayOf(from)}, `;
  return `Environment ${environment.id} (${environment.kind}). Window ${day}${timeOfDay(from)} to ${timeOfDay(to)}.${capture === null ? '' : ` Capture ${capture}.`}`;
}

/** `Incident report of Staging`, or a report alone where nothing is known to be wrong. */
export const kindLine = ({ environment, verdict }: WhysReport): string => `${verdict.onset === null ? 'Report' : 'Incident report'} of ${environment.name}`;

/** `BREACHED since 15:06:03, onset 14:21:07` */
export function verdictLine({ verdict: { state, since, onset } }: WhysReport): string {
  return [`${stateText[state]}${since === null ? '' : ` since ${timeOfDay(since)}`}`, onset === null ? '' : `onset ${timeOfDay(onset)}`].filter((part) => part !== '').join(', ');
}

export const stageNames = { login: 'Login', connection: 'Connection', agent: 'Agent', stream: 'Stream', response: 'Response' } as const;
export type CellTone = 'passed' | 'failed' | 'blocked' | 'none';

/** What a stage's cell says: the figure, what it is out of, and how it looks. */
export function cellWords({ passed, failed, blocked, inconclusive }: PathCell): { readonly figure: string; readonly of: string; readonly tone: CellTone } {
  const all = passed + failed + blocked + inconclusive;
  if (all === 0) return { figure: 'none', of: 'no run came here', tone: 'none' };
  const reached = all - blocked;
  const rest = inconclusive === 0 ? '' : `, ${count(inconclusive)} inconclusive`;
  if (reached === 0) return { figure: 'blocked', of: `${count(blocked)} runs`, tone: 'blocked' };
  return { figure: count(passed), of: `of ${count(all)}${blocked === 0 ? '' : `, ${count(blocked)} blocked`}${rest}`, tone: failed > 0 && failed * 100 >= reached ? 'failed' : 'passed' };
}

/** `Login → Connection → Agent → Stream failed → Response blocked`: what each stage kept from the next. */
export const pathWords = ({ cells }: PathGroup): string =>
  cells
    .map((cell) => {
      const { tone } = cellWords(cell);
      return tone === 'failed' ? `${stageNames[cell.stage]} failed in ${count(cell.failed)}` : tone === 'blocked' ? `${stageNames[cell.stage]} blocked` : stageNames[cell.stage];
    })
    .join(' → ');

/** The figures of a group as they are written in tables. */
export function groupWords({ runs, lossy, lost, expected, delivered, interval }: EvidenceGroup): { readonly runs: string; readonly lossy: string; readonly lost: string; readonly delivered: string; readonly interval: string } {
  return {
    runs: count(runs),
    lossy: count(lossy),
    lost: `${count(lost)} of ${count(expected)}`,
    delivered: delivered === null ? 'no data' : share(delivered),
    interval: interval === null ? 'no data' : range(interval),
  };
}

/** An interval on its scale: all from 0 to 1, left to right. */
export interface IntervalMarks {
  readonly low: number;
  readonly high: number;
  readonly value: number;
  readonly target: number;
}

/** Where the scale of the intervals begins: as near to the whole as all of them and the target allow. */
export function scaleStart(groups: readonly EvidenceGroup[], target: number): number {
  const lowest = Math.min(target, ...groups.flatMap(({ interval }) => (interval === null ? [] : [interval[0]])));
  return [0.98, 0.96, 0.9].find((start) => lowest >= start) ?? Math.floor(lowest * 10) / 10;
}

/** Null where nothing was counted. */
export function intervalMarks({ delivered, interval }: EvidenceGroup, target: number, start: number): IntervalMarks | null {
  if (delivered === null || interval === null) return null;
  const at = (value: number): number => Math.max(0, (value - start) / (1 - start));
  return { low: at(interval[0]), high: at(interval[1]), value: at(delivered), target: at(target) };
}

export const metricText: Readonly<Record<SuccessMetric['state'], string>> = { met: 'MET', missed: 'MISSED', unproven: 'UNPROVEN', 'no-data': 'NO DATA' };

/** What stands where nobody has answered yet. */
export const blankAnswer = 'Not visible to the monitor. Write the answer here.';

/** By which rules was counted, and what was. */
export function accountingLines({ accounting, window }: WhysReport): string[] {
  const { counts, frames, events, slo, whole } = accounting;
  const leftOut = slo.sli === 'events' ? `${count(counts.inconclusive)} inconclusive, ${count(counts.failed)} failed` : `${count(counts.inconclusive)} inconclusive`;
  return [
    `Counted over runs closed from ${timeOfDay(window.from)} to ${timeOfDay(window.to)}: ${count(counts.complete)} complete, ${count(counts.incomplete)} incomplete${slo.sli === 'runs' ? `, ${count(counts.failed)} failed` : ''}; ${count(counts.good)} good. Left out and counted: ${leftOut}, ${count(counts.running)} still running.`,
    `Frames ${count(frames.received)} = control ${count(frames.control)} + eventful ${count(frames.eventful)} + rejected ${count(frames.rejected)}; events ${count(events.decoded)} = attributed ${count(events.attributed)} + cross-talk ${count(events.crossTalk)} + echo ${count(events.echo)} + duplicate ${count(events.duplicate)} + late ${count(events.late)} + orphan ${count(events.orphan)}, both since the first record.`,
    `Promised are ${targetShare(slo.target)} of the ${slo.sli === 'events' ? 'expected events' : 'runs'}. Trials are runs, because the events of one run fail together. Drawn: Wilson’s interval; decided: the exact one (Clopper–Pearson); both 95\u202f%.`,
    whole ? 'Replaying the capture gives the same figures.' : 'Some records of this stretch had to make room: the figures are of what is known still.',
  ];
}
