import type { EpochMs } from '#base/units.ts';
import type { Run } from '#runs/run.ts';
import { durationPair, sharePair, shareOf, sharesDiffer } from './comparison-pairs.ts';
import { comparedFlaws, type ComparedAsk, type ComparedLack, type ComparedSide, type ComparedStage, type ComparedType, type ComparedViolation, type Comparison, type DurationPair, type RangeComparison, type SharePair, type StageCounts } from './comparison-report.ts';
import { ComparisonTally, durationsOf } from './comparison-tally.ts';
import { completenessOf } from '#monitor/completeness.ts';
import type { Recording } from '#monitor/recording.ts';
import { compareRuns, type KnownRun } from './run-comparison.ts';
import { lastGoodBefore } from '#monitor/run-detail.ts';
import { runReport } from '#monitor/run-report.ts';
import type { CompletenessRow, GoldenPathStage } from '#monitor/snapshot.ts';

/** Event types beside those of the contract that are compared. */
const mostOtherTypes = 50;

/** One side, with the runs that it speaks of. */
interface Stretch {
  readonly recording: Recording;
  readonly side: ComparedSide;
  readonly runs: readonly Run[];
  readonly single: Run | undefined;
  readonly from: number;
  readonly to: number;
}

/**
 * Two stretches of time, two runs, or one of each beside each other; of one environment or of two, watched or opened from a file.
 * @param recordingOf what is known of an environment; undefined where nothing is
 */
export async function compare(recordingOf: (environmentId: string) => Recording | undefined, asked: { readonly left: ComparedAsk; readonly right: ComparedAsk }): Promise<Comparison> {
  const left = stretchOf(recordingOf, asked.left);
  if (typeof left === 'string') return { kind: 'nothing', side: 'left', lack: left };
  const right = stretchOf(recordingOf, asked.right);
  if (typeof right === 'string') return { kind: 'nothing', side: 'right', lack: right };
  const known = [left, right].flatMap(({ recording, single, side }): KnownRun[] => (single === undefined ? [] : [{ recording, run: single, side }]));
  const [one, other] = known;
  return one !== undefined && other !== undefined ? compareRuns(one, other) : compareStretches(left, right);
}

function stretchOf(recordingOf: (environmentId: string) => Recording | undefined, ask: ComparedAsk): Stretch | ComparedLack {
  const recording = recordingOf(ask.environmentId);
  if (recording === undefined) return 'unknown-environment';
  if ('run' in ask || 'lastGoodBefore' in ask) {
    const run = 'run' in ask ? recording.book.withId(ask.run) : goodRun(recording, ask.lastGoodBefore);
    if (run === undefined) return 'run' in ask ? 'unknown-run' : 'no-good-run';
    const stretch = { recording, runs: run.closedAt === undefined ? [] : [run], from: run.openedAt, to: run.closedAt ?? Infinity };
    return { ...stretch, single: run, side: { ...sideOf(ask.environmentId, recording, stretch.runs), from: run.openedAt, to: run.closedAt ?? null, run: runReport(run), forgottenBefore: null } };
  }
  const from = ask.from ?? -Infinity;
  const to = ask.to ?? Infinity;
  const runs = closedBetween(recording, from, to);
  const side = { ...sideOf(ask.environmentId, recording, runs), from: ask.from ?? null, to: ask.to ?? null, run: null, forgottenBefore: forgottenBefore(recording, from) };
  return { recording, runs, single: undefined, from, to, side };
}

/** The newest good run before another one on its connection; of a run that is not known here, the newest of all. */
function goodRun(recording: Recording, runId: string): Run | undefined {
  const run = recording.book.withId(runId);
  if (run !== undefined) return lastGoodBefore(recording, run);
  for (const other of recording.engine.tracker.closedNewestFirst()) if (other.good) return other;
  return undefined;
}

function closedBetween({ engine }: Recording, from: number, to: number): Run[] {
  const runs: Run[] = [];
  for (const run of engine.tracker.closedNewestFirst()) {
    if ((run.closedAt ?? 0) < from) break;
    if ((run.closedAt ?? 0) < to) runs.push(run);
  }
  return runs.reverse();
}

/** From when on the closed runs are known; null where that is before `from`, or none was forgotten. */
function forgottenBefore({ engine }: Recording, from: number): EpochMs | null {
  const { complete, incomplete, failed, inconclusive } = engine.totals.sums;
  let known = 0;
  let oldest: Run | undefined;
  for (const run of engine.tracker.closedNewestFirst()) {
    known += 1;
    oldest = run;
  }
  const isWhole = known === complete + incomplete + failed + inconclusive || (oldest?.closedAt ?? engine.now) <= from;
  return isWhole ? null : (oldest?.closedAt ?? engine.now);
}

function sideOf(environmentId: string, { environment }: Recording, runs: readonly Run[]): Pick<ComparedSide, 'environmentId' | 'name' | 'kind' | 'runs'> {
  const counts = { complete: 0, incomplete: 0, failed: 0, inconclusive: 0 };
  for (const run of runs) counts[run.statusIfClosed] += 1;
  return { environmentId, name: environment.name, kind: environment.kind, runs: counts };
}

async function compareStretches(left: Stretch, right: Stretch): Promise<RangeComparison> {
  const tallies = { left: await tallyOf(left), right: await tallyOf(right) };
  const { left: one, right: other } = tallies;
  const delivered = (tally: ComparisonTally) => shareOf(tally.sums.delivered, tally.sums.expected, tally.sums.complete + tally.sums.incomplete);
  const good = ({ sums }: ComparisonTally) => {
    const judged = sums.complete + sums.incomplete + sums.failed;
    return shareOf(sums.good, judged, judged);
  };
  return {
    kind: 'ranges',
    left: left.side,
    right: right.side,
    delivered: sharePair(delivered(one), delivered(other)),
    good: sharePair(good(one), good(other)),
    stages: stagesOf(one.stages(left.recording, left.from, left.to), other.stages(right.recording, right.from, right.to)),
    types: typesOf(left, right, one, other),
    violations: comparedFlaws.map((kind) => violationOf(kind, one, other)),
    leaked: { left: leakedIn(left), right: leakedIn(right) },
  };
}

async function tallyOf({ recording, runs }: Stretch): Promise<ComparisonTally> {
  const tally = new ComparisonTally(runs, recording.environment.contract.last);
  await tally.readEvents(recording);
  return tally;
}

function stagesOf(left: readonly GoldenPathStage[], right: readonly GoldenPathStage[]): ComparedStage[] {
  return left.flatMap((one) => {
    const other = right.find(({ stage }) => stage === one.stage);
    if (other === undefined) return [];
    const share = sharePair(passedOf(one), passedOf(other));
    const durations = durationPair(durationsOfStage(one), durationsOfStage(other));
    return [{ stage: one.stage, left: countsOf(one), right: countsOf(other), share, durations, differs: rowDiffers([share], [durations]) }];
  });
}

const passedOf = ({ passed, failed }: GoldenPathStage) => shareOf(passed, passed + failed, passed + failed);
const countsOf = ({ passed, failed, blocked, inconclusive }: GoldenPathStage): StageCounts => ({ passed, failed, blocked, inconclusive });
const durationsOfStage = ({ passed, medianMs, p95Ms }: GoldenPathStage) => ({ count: passed, p50: medianMs, p95: p95Ms });

function typesOf(left: Stretch, right: Stretch, one: ComparisonTally, other: ComparisonTally): ComparedType[] {
  const [leftRows, rightRows] = [completenessRows(left, one), completenessRows(right, other)];
  const seen = [...one.sinceTrigger.keys(), ...one.latencies.keys(), ...other.sinceTrigger.keys(), ...other.latencies.keys()];
  const named = new Set([...leftRows.keys(), ...rightRows.keys()]);
  const others = new Set(seen.filter((type) => !named.has(type)));
  return [...named, ...[...others].slice(0, mostOtherTypes)].map((type) => {
    const share = sharePair(shareOfType(leftRows.get(type)), shareOfType(rightRows.get(type)));
    const latency = durationPair(durationsOf(one.latencies.get(type)), durationsOf(other.latencies.get(type)), one.uncertaintyMs + other.uncertaintyMs);
    const sinceTrigger = durationPair(durationsOf(one.sinceTrigger.get(type)), durationsOf(other.sinceTrigger.get(type)));
    return { type, share, latency, sinceTrigger, differs: rowDiffers([share], [latency, sinceTrigger]) };
  });
}

const completenessRows = ({ recording: { environment } }: Stretch, tally: ComparisonTally): Map<string, CompletenessRow> =>
  new Map(completenessOf(tally.byType, environment.contract, environment.slo.target).map((row) => [row.type, row]));

const shareOfType = (row: CompletenessRow | undefined) => shareOf(row?.delivered ?? 0, row?.expected ?? 0, row?.trials ?? 0);

function violationOf(kind: ComparedViolation['kind'], left: ComparisonTally, right: ComparisonTally): ComparedViolation {
  const of = (tally: ComparisonTally) => shareOf(tally.flaws[kind].runs, tally.closed, tally.closed);
  const share = sharePair(of(left), of(right));
  const counts = { left: left.flaws[kind].count, right: right.flaws[kind].count };
  return { kind, ...counts, share, differs: (share.difference.word !== 'no-data' && share.difference.word !== 'same') || counts.left !== counts.right };
}

const leakedIn = ({ recording, from, to }: Stretch): number => recording.engine.crossTalk.filter(({ at }) => at >= from && at < to).length;

const rowDiffers = (shares: readonly SharePair[], durations: readonly DurationPair[]): boolean => shares.some(sharesDiffer) || durations.some(({ differs }) => differs);
