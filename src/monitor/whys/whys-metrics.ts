import { clopperPearson } from '#slo/interval.ts';
import { count, runs, share, targetShare } from '#monitor/figures.ts';
import type { LatencyReport } from '#monitor/report.ts';
import type { WhysCase } from './whys-case.ts';
import type { SuccessMetric } from './whys-report.ts';
import { latencyWords, range, several } from './whys-words.ts';

/** Of ten runs, this many must be good at the least. */
const goodRuns = 0.9;

/** What has to hold for the incident to be over, and whether it does. */
export function successMetrics({ slo, sums, leaked, recording }: WhysCase, { p95, uncertaintyMs }: LatencyReport): SuccessMetric[] {
  const judged = sums.complete + sums.incomplete + sums.failed;
  const exact = judged === 0 ? ([0, 1] as const) : clopperPearson(sums.good, judged);
  const { latencyMs } = recording.engine.slo;
  const { decoded } = recording.engine.events;
  const all = judged + sums.inconclusive;
  return [
    {
      name: slo.sli === 'events' ? 'Delivery of events' : 'Delivery, in runs',
      objective: `above ${targetShare(slo.target)}`,
      measured: slo.ratio === null ? 'no run was judged' : `${share(slo.ratio)}, exact ${range(slo.exact)} of ${runs(slo.trials)}`,
      state: slo.verdict,
    },
    {
      name: 'Good runs',
      objective: `above ${targetShare(goodRuns)}`,
      measured: judged === 0 ? 'no run was judged' : `${share(sums.good / judged)}, exact ${range(exact)}: ${count(sums.good)} of ${runs(judged)}`,
      state: judged === 0 ? 'no-data' : exact[0] >= goodRuns ? 'met' : exact[1] < goodRuns ? 'missed' : 'unproven',
    },
    {
      name: 'Isolation',
      objective: '0 leaks',
      measured: decoded === 0 ? 'no event came' : leaked > 0 ? several(leaked, 'leak') : `none in ${runs(all)}: at most ${share(clopperPearson(0, Math.max(1, all))[1])} of runs leak`,
      state: decoded === 0 || all === 0 ? 'no-data' : leaked > 0 ? 'missed' : 'met',
    },
    ...(latencyMs === undefined
      ? []
      : [
          {
            name: 'Delivery latency, p95',
            objective: `below ${latencyWords(latencyMs)}`,
            measured: p95 === null || uncertaintyMs === null ? 'no latency could be measured' : `${latencyWords(p95)} ±${latencyWords(uncertaintyMs)}`,
            state: p95 === null || uncertaintyMs === null ? ('no-data' as const) : p95 + uncertaintyMs <= latencyMs ? ('met' as const) : p95 - uncertaintyMs > latencyMs ? ('missed' as const) : ('unproven' as const),
          },
        ]),
  ];
}
