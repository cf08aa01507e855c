import { useMemo } from 'react';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { formatBudgetLeft, formatBudgetUsed, formatCount, formatRuns, formatShare, formatTarget, formatWindow, noData } from '#views/parts/format.ts';
import { MinuteStrip } from '#views/parts/minute-strip.tsx';
import { MockChip } from '#views/parts/mock-chip.tsx';
import { bySeverity } from '#views/parts/state.ts';
import { StateWord } from '#views/parts/state-word.tsx';
import { useFreshness } from '#views/parts/use-freshness.ts';
import { useHeld } from '#views/parts/use-held.ts';
import './environment-row.css';

interface EnvironmentRowProps {
  readonly environments: readonly EnvironmentSnapshot[];
  readonly selected: string;
  readonly onPick: (environmentId: string) => void;
}

/** A tile per environment, worst first; the order holds still while the pointer or the focus is on it. */
export function EnvironmentRow({ environments, selected, onPick }: EnvironmentRowProps) {
  const worstFirst = useMemo(() => environments.toSorted(bySeverity), [environments]);
  const [row, held] = useHeld(worstFirst);
  const known = new Map(environments.map((environment) => [environment.id, environment]));
  const order = held.flatMap(({ id }) => known.get(id) ?? []);
  return (
    <section className="environment-row" aria-label="Environments, worst first" ref={row}>
      {order.map((environment) => (
        <Tile key={environment.id} environment={environment} selected={environment.id === selected} onPick={onPick} />
      ))}
    </section>
  );
}

function Tile({ environment, selected, onPick }: { readonly environment: EnvironmentSnapshot; readonly selected: boolean; readonly onPick: (id: string) => void }) {
  const { state, freshness } = useFreshness(environment);
  const { slo } = environment;
  const reach = slo.cleanRunsNeeded === null ? 0 : slo.trials / Math.max(1, slo.trials + slo.cleanRunsNeeded);
  return (
    <button type="button" className="tile" aria-pressed={selected} data-age={freshness.level} onClick={() => onPick(environment.id)}>
      <span className="tile-head">
        <StateWord state={state} reach={reach} />
        <b>{environment.name}</b>
        <i className="grow" />
        {environment.kind === 'mock' ? <MockChip /> : <span className="dim">{standing(environment)}</span>}
      </span>
      <span className="tile-line">
        <span className="value">{slo.ratio === null ? noData : formatShare(slo.ratio)}</span>
        <span className="clause" title={clause(environment)}>
          {clause(environment)}
        </span>
      </span>
      <MinuteStrip minutes={environment.minutes} />
    </button>
  );
}

function standing({ phase, slo, windowMs }: EnvironmentSnapshot): string {
  if (phase === 'idle') return 'not connected';
  if (phase === 'starting') return 'connecting';
  if (phase === 'failed') return 'not up';
  return `${formatRuns(slo.trials)} in ${formatWindow(windowMs)}`;
}

function clause({ phase, problem, slo, open, wanted, crossTalk }: EnvironmentSnapshot): string {
  if (phase === 'idle') return 'choose to connect';
  if (phase === 'failed') return problem?.message ?? 'not reachable';
  if (crossTalk.count > 0) return `${formatCount(crossTalk.count)} ${crossTalk.count === 1 ? 'event' : 'events'} shown to another user`;
  const connected = `${formatCount(open)}/${formatCount(wanted)} connected`;
  if (slo.ratio === null || slo.budgetConsumed === null) return connected;
  if (slo.verdict === 'unproven' && slo.cleanRunsNeeded !== null && slo.cleanRunsNeeded > 0) return `${formatCount(slo.cleanRunsNeeded)} more clean runs prove ${formatTarget(slo.target)}`;
  return slo.budgetConsumed > 1 ? `budget overspent, ${formatBudgetUsed(slo.budgetConsumed)} used` : `${formatBudgetLeft(slo.budgetConsumed)} of budget left, ${connected}`;
}
