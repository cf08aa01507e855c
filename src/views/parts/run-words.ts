import type { RunReport } from '#monitor/report.ts';
import { byRunOrder } from './event-style.ts';
import { formatCount } from './format.ts';

/** Which of the few looks a run has; never the only sign, a word stands with it. */
export type RunTone = 'quiet' | 'running' | 'breach' | 'risk' | 'void';

type Judged = Pick<RunReport, 'status' | 'missing' | 'violations'>;
type ViolationKind = keyof RunReport['violations'];

const violationWords: Readonly<Record<ViolationKind, string>> = {
  missing: 'missing',
  out_of_order: 'out of order',
  sequence_gap: 'sequence gap',
  duplicate: 'duplicate',
  late: 'late',
  dumped: 'dumped',
};
/** Worst first. `missing` is told with its types, so it is not among them. */
const violationOrder: readonly ViolationKind[] = ['out_of_order', 'sequence_gap', 'duplicate', 'late', 'dumped'];

export function runTone({ status, violations }: Judged): RunTone {
  if (status === 'running') return 'running';
  if (status === 'inconclusive') return 'void';
  if (status === 'incomplete') return 'breach';
  return status === 'failed' || Object.values(violations).some((count) => count > 0) ? 'risk' : 'quiet';
}

/** `missing tool_completed`; several types in the order of a run, each with how often it lacks if more than once. */
export function missingWords(missing: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const type of missing) counts.set(type, (counts.get(type) ?? 0) + 1);
  const parts = [...counts].toSorted(([left], [right]) => byRunOrder(left, right)).map(([type, count]) => (count === 1 ? type : `${count} ${type}`));
  return parts.length === 0 ? '' : `missing ${parts.join(', ')}`;
}

/**
 * Why a run is not simply good, in a few words; empty if it is good or still running.
 * @param duplicateType the type of its duplicate, where the caller knows it
 */
export function runReason(run: Judged, duplicateType?: string): string {
  if (run.status === 'running') return '';
  const reasons: string[] = [];
  if (run.status === 'failed') reasons.push('failed: agent_error');
  if (run.status === 'inconclusive') reasons.push('inconclusive');
  // What an inconclusive run lacks proves nothing, so it is not held against it.
  else if (run.missing.length > 0 && run.status !== 'failed') reasons.push(missingWords(run.missing));
  for (const kind of violationOrder) {
    const count = run.violations[kind] ?? 0;
    if (count === 0) continue;
    const word = kind === 'duplicate' && duplicateType !== undefined ? `duplicate ${duplicateType}` : violationWords[kind];
    reasons.push(count > 1 && kind !== 'out_of_order' ? `${formatCount(count)} ${word}` : word);
  }
  return reasons.join(', ');
}

/** `Local (Docker)`'s connection `local#3` is #3 on its own screen. */
export const shortConnection = (id: string): string => id.slice(Math.max(0, id.lastIndexOf('#')));
