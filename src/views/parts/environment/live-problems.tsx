import { useMonitorStore } from '#views/parts/use-monitor.ts';
import type { ConnectionSnapshot, EnvironmentSnapshot, Problem } from '#monitor/snapshot.ts';
import { formatPart } from '#views/parts/format.ts';
import { ProblemBox } from '#views/parts/problem-box.tsx';
import { DiagnosisBox } from './diagnosis-box.tsx';

interface LiveProblemsProps {
  readonly environment: EnvironmentSnapshot;
  /** Connects anew. */
  readonly onAgain: (environmentId: string) => void;
}

/** What keeps an environment, or some of its connections, from being watched, and what is behind it; or one box per problem while nobody knows. */
export function LiveProblems({ environment, onAgain }: LiveProblemsProps) {
  const store = useMonitorStore();
  const { problem, connections, diagnosis, name, id, phase } = environment;
  const groups = problem === null ? groupByReason(connections) : [];
  if (problem === null && groups.length === 0 && diagnosis === null) return null;
  const connectAnew = (): void => {
    const start = (): void => onAgain(id);
    // Connections that have given up are still held: only what was let go can be taken up again.
    store.client.unwatch(id).then(start, start);
  };
  const again = phase === 'failed' && (
    <button type="button" className="control" onClick={connectAnew}>
      Try again
    </button>
  );
  const problems = problem === null ? groups.map(({ problem: cause, count }) => ({ problem: cause, place: `${formatPart(count, connections.length)} connections of ${name}` })) : [{ problem, place: name }];
  return (
    <div className="live-problems">
      {diagnosis !== null ? (
        <DiagnosisBox diagnosis={diagnosis} place={name} problems={problems}>
          {again}
        </DiagnosisBox>
      ) : (
        problems.map((each) => (
          <ProblemBox key={each.problem.reason} {...each}>
            {again}
          </ProblemBox>
        ))
      )}
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
