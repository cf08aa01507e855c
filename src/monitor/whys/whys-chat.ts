import { count, share, targetShare, timeOfDay } from '#monitor/figures.ts';
import { dateLine, queryOf, verdictLine, type WhysDrawing } from './whys-drawing.ts';
import type { WhysReport } from './whys-report.ts';
import { stateText } from './whys-verdict.ts';
import { lasting, range } from './whys-words.ts';

/** What is handed over in a chat: a few lines of plain text. */
export function whysChat(report: WhysReport, { page, env }: WhysDrawing = {}): string {
  const { title, accounting, handOver, health, window } = report;
  const { slo } = accounting;
  const monitor = health.find(({ component }) => component === 'This monitor');
  const lines = [
    `${title}`,
    `State: ${verdictLine(report)}, as of ${dateLine(report.at)}`,
    slo.ratio === null
      ? 'How many: no run was counted'
      : `How many: ${count(slo.valid - slo.good)} of ${count(slo.valid)} ${slo.sli === 'events' ? 'expected events' : 'runs'} lost in ${lasting(window.to - window.from)}; delivery ${share(slo.ratio)} (${range(slo.interval)}, 95\u202f%) against ${targetShare(slo.target)}`,
    `Who: ${handOver.who}${handOver.struck === null ? '' : `: ${handOver.struck}`}`,
    `Last good: ${handOver.lastGood === null ? 'none known' : `run ${handOver.lastGood.run} on ${handOver.lastGood.connection} at ${timeOfDay(handOver.lastGood.at)}`}`,
    ...(handOver.suspect === null ? [] : [`Suspected: ${handOver.suspect}`]),
    ...(accounting.leaks === 0 ? [] : [`Leaks: ${count(accounting.leaks)}`]),
    ...(monitor === undefined ? [] : [`This monitor: ${stateText[monitor.status]}, ${monitor.issue}`]),
    ...(page === undefined ? [] : [`Link: ${page}${queryOf(report, { from: window.from, to: window.to, filter: null }, env)}`]),
  ];
  return `${lines.join('\n')}\n`;
}
