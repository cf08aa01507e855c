import type { ReactNode } from 'react';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { formatAge, formatBudgetLeft, formatBudgetUsed, formatCount, formatDuration, formatFrozen, formatInterval, formatLatency, formatShare, formatTarget, formatUncertainty, formatWindow, localTime, noData } from '#views/parts/format.ts';
import { IntervalBar } from '#views/parts/interval-bar.tsx';
import { MockChip } from '#views/parts/mock-chip.tsx';
import { stateWords, type Freshness } from '#views/parts/state.ts';
import { StateShape } from '#views/parts/state-word.tsx';
import { useFreshness } from '#views/parts/use-freshness.ts';
import { useFrozenAt, useMonitorStore } from '#views/parts/use-monitor.ts';
import { useClock } from '#views/parts/use-clock.ts';
import './verdict.css';

/** The state in shape, word and one sentence, then the figures that it rests on; the last one is the monitor's own health. */
export function Verdict({ environment }: { readonly environment: EnvironmentSnapshot }) {
  const { state, freshness } = useFreshness(environment);
  const { slo } = environment;
  const reach = slo.cleanRunsNeeded === null ? 0 : slo.trials / Math.max(1, slo.trials + slo.cleanRunsNeeded);
  return (
    <section className="panel verdict" aria-label="Verdict" data-age={freshness.level}>
      <div className={`verdict-lead is-${state}`}>
        <StateShape state={state} reach={reach} size={46} />
        <div className="verdict-words">
          <h1>
            {stateWords[state]} <small>{environment.name}</small>
            {environment.kind === 'mock' && <MockChip />}
          </h1>
          <p>
            <Sentence environment={environment} freshness={freshness} />
          </p>
        </div>
      </div>
      <dl className="figures">
        <Figure className="figure-share" label={`${slo.sli === 'events' ? 'Events delivered' : 'Good runs'}, last ${formatWindow(environment.windowMs)}`} value={formatShare(slo.ratio)} note={slo.ratio === null ? 'no run was counted' : `${formatInterval(slo.interval)} (95\u202f%)`}>
          <IntervalBar state={state} ratio={slo.ratio} interval={slo.interval} target={slo.target} />
        </Figure>
        <Figure label="Error budget left" short="Budget left" value={formatBudgetLeft(slo.budgetConsumed)} note={budgetNote(environment)} />
        <Figure label="Delivery p95" short="p95" value={formatLatency(environment.latency.p95)} note={latencyNote(environment)} />
        <Figure
          className={environment.crossTalk.count > 0 ? 'figure-leak is-breached' : 'figure-leak'}
          label="Cross-talk"
          value={environment.events.decoded === 0 ? noData : formatCount(environment.crossTalk.count)}
          note={environment.events.decoded === 0 ? 'no event yet' : `of ${formatCount(environment.events.decoded)}`}
        />
        <AgeFigure freshness={freshness} />
        <MonitorFigure environment={environment} />
      </dl>
    </section>
  );
}

interface FigureProps {
  readonly label: string;
  /** The label where there is little room. */
  readonly short?: string;
  readonly value: ReactNode;
  /** What the value rests on. */
  readonly note: ReactNode;
  readonly className?: string;
  readonly children?: ReactNode;
}

function Figure({ label, short, value, note, className = '', children }: FigureProps) {
  return (
    <div className={`figure ${className}`}>
      <dt>
        <span className={short === undefined ? undefined : 'long'}>{label}</span>
        {short !== undefined && <span className="short">{short}</span>}
      </dt>
      <dd>
        <span className={value === noData ? 'value is-void' : 'value'}>{value}</span>
        <span className="note">{note}</span>
        {children}
      </dd>
    </div>
  );
}

function Sentence({ environment, freshness }: { readonly environment: EnvironmentSnapshot; readonly freshness: Freshness }) {
  if (environment.phase === 'idle' && freshness.newestAt === null) return <>Not connected. Press Connect to watch it.</>;
  if (environment.phase === 'idle' && freshness.newestAt !== null) {
    return <>{`Not connected any more; the newest data are of ${localTime.time(freshness.newestAt)}, ${formatAge(freshness.ageMs ?? 0)} ago. Was ${stateWords[environment.state]}.`}</>;
  }
  if ((freshness.level === 'stale' || freshness.level === 'dead') && freshness.newestAt !== null) {
    // The time of day and the age that goes on are the reader's; what it was before is the monitor's, unless it has fallen silent.
    const was = /Was [A-Z ]+\./.exec(environment.sentence)?.[0] ?? (environment.state === 'stale' ? '' : `Was ${stateWords[environment.state]}.`);
    return <>{`Nothing received since ${localTime.time(freshness.newestAt)}, ${formatAge(freshness.ageMs ?? 0)} ago. ${was}`}</>;
  }
  const [, counted, rest] = /^([\d,]+(?: of [\d,]+)?)( .*)$/s.exec(environment.sentence) ?? [];
  if (counted === undefined) return <>{environment.sentence}</>;
  return (
    <>
      <b>{counted}</b>
      {rest}
    </>
  );
}

function budgetNote({ slo }: EnvironmentSnapshot): string {
  if (slo.budgetConsumed === null) return `target ${formatTarget(slo.target)}`;
  if (slo.budgetConsumed > 1) return `${formatBudgetUsed(slo.budgetConsumed)} used`;
  const allowed = Math.floor(slo.valid * (1 - slo.target) + 1e-9);
  const lost = slo.valid - slo.good;
  return allowed === 0 ? `${formatCount(lost)} lost so far` : `${formatCount(lost)} of ${formatCount(allowed)} spent`;
}

function latencyNote({ latency }: EnvironmentSnapshot): string {
  if (latency.count === 0) return latency.unsynced > 0 ? `${formatCount(latency.unsynced)} unsynced` : 'none measured';
  if (latency.p95 === null) return `only ${formatCount(latency.count)} measured`;
  return latency.uncertaintyMs === null ? `of ${formatCount(latency.count)}` : `${formatUncertainty(latency.uncertaintyMs)} clock`;
}

const ageWords: Readonly<Record<Freshness['level'], string>> = { none: 'none yet', live: 'ago, live', late: 'ago, late', stale: 'ago, stale', dead: 'ago, stale', past: 'earlier' };

function AgeFigure({ freshness }: { readonly freshness: Freshness }) {
  const frozenAt = useFrozenAt();
  const running = useClock(500, 'running');
  if (frozenAt !== undefined) return <Figure className="figure-age is-frozen" label="Age, frozen" value={formatFrozen(running - frozenAt)} note={`at ${localTime.time(frozenAt)}`} />;
  if (freshness.ageMs === null) return <Figure className="figure-age" label="Last event" value={noData} note={ageWords.none} />;
  return <Figure className={`figure-age is-${freshness.level}`} label="Last event" value={formatAge(freshness.ageMs)} note={ageWords[freshness.level]} />;
}

/** From this delay on between a socket's callback and the fold, measured latencies are the monitor's own. */
const slowMonitorMs = 100;

function MonitorFigure({ environment }: { readonly environment: EnvironmentSnapshot }) {
  const store = useMonitorStore();
  const silent = useClock(1000, 'running') - (store.newest()?.at ?? 0) > 5000;
  const { monitor, windowMs } = environment;
  const health = silent ? (['breached', 'silent'] as const) : environment.state === 'blind' ? (['blind', 'blind'] as const) : monitor.lagMs > slowMonitorMs ? (['at-risk', 'slow'] as const) : (['ok', 'healthy'] as const);
  const note = monitor.blindMs > 0 ? `blind ${formatAge(monitor.blindMs)} in ${formatWindow(windowMs)}` : monitor.lagMs > slowMonitorMs ? `${formatDuration(monitor.lagMs)} behind` : 'never blind';
  return (
    <Figure
      className="figure-monitor"
      label="This monitor"
      short="Monitor"
      value={
        <>
          <StateShape state={health[0]} size={17} />
          {health[1]}
        </>
      }
      note={silent ? 'no answer' : note}
    />
  );
}
