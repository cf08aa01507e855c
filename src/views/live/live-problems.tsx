import { useMonitorStore } from '#views/parts/use-monitor.ts';
import type { ConnectionSnapshot, EnvironmentSnapshot, Problem } from '#monitor/snapshot.ts';
import { formatPart } from '#views/parts/format.ts';
import { ProblemBox } from '#views/parts/problem-box.tsx';

/** What keeps an environment, or some of its connections, from being watched: one box per cause. */
export function LiveProblems({ environment }: { readonly environment: EnvironmentSnapshot }) {
  const store = useMonitorStore();
  const { problem, connections, name, id, phase } = environment;
  const groups = problem === null ? groupByReason(connections) : [];
  if (problem === null && groups.length === 0) return null;
  const again = (
    <button type="button" className="control" onClick={() => void store.client.watch(id)}>
      Try again
    </button>
  );
  return (
    <div className="live-problems">
      {problem !== null && (
        <ProblemBox problem={problem} place={name}>
          {phase === 'failed' && again}
        </ProblemBox>
      )}
      {groups.map(({ problem: cause, count }) => (
        <ProblemBox key={cause.reason} problem={cause} place={`${formatPart(count, connections.length)} connections of ${name}`} />
      ))}
    </div>
  );
}

/** One problem per reason, with how many connections have it. */
function groupByReason(connections: readonly ConnectionSnapshot[]): { readonly problem: Problem; readonly count: number }[] {
  const groups = new Map<string, { problem: Problem; count: number }>();
  for (const { problem } of connections) {
    if (problem === null) continue;
    const group = groups.get(problem.reason);
    if (group === undefined) groups.set(problem.reason, { problem, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()].toSorted((left, right) => right.count - left.count);
}
