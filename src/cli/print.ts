import type { Report, RunReport } from '#monitor/report.ts';
import { share, targetShare } from '#monitor/figures.ts';
import { reportSentence } from '#monitor/sentence.ts';
import type { DiagnosisSnapshot, RejectedFrame } from '#monitor/snapshot.ts';
import { redact } from '#record/capture-writer.ts';
import { plainLine, plainName } from './terminal.ts';

const shownRuns = 20;
const shownRaw = 200;

/** A report for people: the verdict, what it rests on, and the runs that were not good. */
export function printReport(report: Report): string {
  const { slo, counts, frames, events, latency } = report;
  const bad = report.runs.filter((run) => !run.good);
  const lines = [
    `${report.verdict.toUpperCase()}  ${plainName(report.environment)}  ${plainLine(reportSentence(report))}`,
    '',
    row('runs', `${counts.complete} complete, ${counts.incomplete} incomplete, ${counts.failed} failed, ${counts.inconclusive} inconclusive${counts.running > 0 ? `, ${counts.running} running` : ''}; ${counts.good} good`),
    row('delivered', slo.ratio === null ? 'no data' : `${slo.good} of ${slo.valid} ${slo.sli}, ${share(slo.ratio)} (95 % interval ${share(slo.interval[0])} to ${share(slo.interval[1])}), target ${targetShare(slo.target)}: ${slo.verdict}`),
    row('latency', latencyText(latency)),
    row('frames', `${frames.received} received = ${frames.control} control + ${frames.eventful} eventful + ${frames.rejected} rejected${rejectedText(frames.rejectedBy)}`),
    row('events', `${events.decoded} decoded = ${events.attributed} attributed + ${events.crossTalk} cross-talk + ${events.echo} echo + ${events.duplicate} duplicate + ${events.late} late + ${events.orphan} orphan`),
    ...report.crossTalk.slice(0, shownRuns).map((leak) => row('leaked', `${plainName(leak.owner)}'s ${plainName(leak.type)} was shown on ${plainName(leak.connection)}`)),
  ];
  if (bad.length > 0) {
    lines.push('', 'Runs that were not good:', ...table(bad.slice(0, shownRuns)));
    if (bad.length > shownRuns) lines.push(`  … and ${bad.length - shownRuns} more`);
  }
  return lines.join('\n');
}

/** Where the fault is, what it is, what to try, and what it is not; ends its line. */
export function printDiagnosis({ layer, cause, also, sentence, remedy, ruledOut }: DiagnosisSnapshot): string {
  const causes = also === null ? cause : `${cause}, or ${also}`;
  return plainLine(`Diagnosis: ${layer} (${causes}). ${sentence} ${remedy}${ruledOut.length === 0 ? '' : ` Ruled out: ${ruledOut.join(', ')}.`}`) + '\n';
}

/** A frame that could not be decoded: where it came, what did not fit, and how it begins; ends its line. */
export function printRejected({ connection, reason, why, raw }: RejectedFrame): string {
  const clean = redact(raw);
  return plainLine(`A rejected frame, on ${plainName(connection)}: ${reason}${why === undefined ? '' : `, ${why}`}. ${clean.length > shownRaw ? 'It begins' : 'It is'} ${clean.slice(0, shownRaw)}`) + '\n';
}

function latencyText({ count, p50, p95, p99, uncertaintyMs, unsynced, impossible }: Report['latency']): string {
  const apart = `${unsynced} unsynced, ${impossible} impossible`;
  if (p50 === null || p95 === null || p99 === null || uncertaintyMs === null) return `no data; ${apart}`;
  const bar = ` ±${uncertaintyMs.toFixed(1)} ms`;
  return `p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)}, p99 ${p99.toFixed(1)} ms${bar} of ${count} events; ${apart}`;
}

const rejectedText = (by: Readonly<Record<string, number>>): string => {
  const parts = Object.entries(by).map(([reason, count]) => `${count} ${reason}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
};

const row = (label: string, text: string): string => `  ${label.padEnd(10)} ${text}`;

function table(runs: readonly RunReport[]): string[] {
  const cells = runs.map((run) => [
    plainName(run.id),
    plainName(run.connection),
    run.status,
    run.fault,
    `${run.delivered}/${run.expected}`,
    [...Object.entries(run.violations).map(([kind, count]) => `${kind} ${count}`), ...(run.missing.length > 0 ? [`(${run.missing.map(plainName).join(' ')})`] : [])].join(', '),
  ]);
  const head = ['run', 'connection', 'status', 'fault', 'delivered', 'violations'];
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((cell) => cell[column]?.length ?? 0)));
  return [head, ...cells].map((cell) => `  ${cell.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`);
}
