import type { ReactNode } from 'react';
import type { Incident } from '#monitor/incident/incident-report.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { formatAge, formatBudgetLeft, formatBudgetUsed, formatCount, formatFrozen, formatInterval, formatShare, formatWindow, localTime, noData } from '#views/parts/format.ts';
import { MockChip } from '#views/parts/mock-chip.tsx';
import { stateWords } from '#views/parts/state.ts';
import { StateShape } from '#views/parts/state-word.tsx';
import { useClock } from '#views/parts/use-clock.ts';
import { useFreshness } from '#views/parts/use-freshness.ts';
import { useFrozenAt, useMonitorStore } from '#views/parts/use-monitor.ts';
import { kindWords, scopeKey, scopeWords, stageWords } from './incident-words.ts';
import './incident-bar.css';

interface IncidentBarProps {
  readonly environment: EnvironmentSnapshot;
  /** The gravest first. */
  readonly incidents: readonly Incident[];
  /** Takes an incident on; undefined where nobody can. */
  readonly onAcknowledge: ((key: string) => void) | undefined;
}

/** The first minute of an incident in one look: what, for whom, since when, at which stage, whose fault; and what the verdict rests on. */
export function IncidentBar({ environment, incidents, onAcknowledge }: IncidentBarProps) {
  const { state: known, freshness } = useFreshness(environment);
  const [incident, ...others] = incidents;
  const isOld = freshness.level === 'stale' || freshness.level === 'dead';
  const state = incident === undefined || isOld ? known : incident.state;
  const { slo } = environment;
  const reach = slo.cleanRunsNeeded === null ? 0 : slo.trials / Math.max(1, slo.trials + slo.cleanRunsNeeded);
  return (
    <section
      className="panel incident-bar"
      aria-label="Verdict"
      data-testid="incident"
      data-age={freshness.level}
      data-state={state}
      data-kind={incident?.kind ?? 'none'}
      data-scope={incident && scopeKey(incident.scope)}
      data-onset={incident && new Date(incident.onsetAt).toISOString()}
      data-stage={incident?.stage}
      data-fault={incident?.fault}
    >
      <div className={`incident-lead is-${state}`}>
        <StateShape state={state} reach={reach} size={46} />
        <div className="incident-words">
          <h1>
            {stateWords[state]} <small>{environment.name}</small>
            {environment.kind === 'mock' && <MockChip />}
          </h1>
          <p>{incident?.sentence ?? environment.sentence}</p>
        </div>
      </div>
      <dl className="incident-figures">
        <Figure label={`${slo.sli === 'events' ? 'Delivered' : 'Good runs'}, last ${formatWindow(environment.windowMs)}`} value={formatShare(slo.ratio)} note={slo.ratio === null ? 'no run was counted' : formatInterval(slo.interval)} />
        <Figure label="Error budget" value={formatBudgetLeft(slo.budgetConsumed)} note={slo.budgetConsumed === null ? 'nothing counted' : slo.budgetConsumed > 1 ? `${formatBudgetUsed(slo.budgetConsumed)} used` : `left, ${formatBudgetUsed(slo.budgetConsumed)} used`} />
        <Counts environment={environment} />
        <Age environment={environment} />
      </dl>
      {incident !== undefined && <Facts incident={incident} others={others} onAcknowledge={onAcknowledge} />}
    </section>
  );
}

function Facts({ incident, others, onAcknowledge }: { readonly incident: Incident; readonly others: readonly Incident[]; readonly onAcknowledge: ((key: string) => void) | undefined }) {
  const { scope, onsetAt, stage, fault, acknowledged, key } = incident;
  return (
    <ul className="incident-facts">
      <li>{scopeWords(scope)}</li>
      <li>
        since <time dateTime={new Date(onsetAt).toISOString()}>{`${localTime.time(onsetAt)} ${localTime.zone(onsetAt)}`}</time>
      </li>
      <li>{`stage: ${stageWords[stage]}`}</li>
      <li>{`fault: ${fault}`}</li>
      {others.length > 0 && <li className="dim" title={others.map(({ sentence }) => sentence).join('\n')}>{`also: ${others.map(({ kind }) => kindWords[kind]).join(', ')}`}</li>}
      {acknowledged !== null ? (
        <li className="incident-taken" title={acknowledged.text}>{`acknowledged ${localTime.time(acknowledged.at)}${acknowledged.author === null ? '' : ` by ${acknowledged.author}`}`}</li>
      ) : (
        onAcknowledge !== undefined && (
          <li>
            <button type="button" className="incident-take" onClick={() => onAcknowledge(key)}>
              Acknowledge
            </button>
          </li>
        )
      )}
    </ul>
  );
}

function Figure({ label, value, note }: { readonly label: string; readonly value: string; readonly note: ReactNode }) {
  return (
    <div className="incident-figure">
      <dt>{label}</dt>
      <dd>
        <span className={value === noData ? 'value is-void' : 'value'}>{value}</span>
        <span className="note">{note}</span>
      </dd>
    </div>
  );
}

/** What went wrong with events, each kind by itself. */
function Counts({ environment }: { readonly environment: EnvironmentSnapshot }) {
  const { completeness, events, crossTalk, windowMs } = environment;
  const counted = completeness.some(({ ratio }) => ratio !== null);
  const lost = completeness.reduce((sum, { expected, delivered }) => sum + expected - delivered, 0);
  const none = events.decoded === 0;
  const within = `in the last ${formatWindow(windowMs)}`;
  const counts = [
    { name: 'lost', text: counted ? formatCount(lost) : noData, title: `expected and not delivered, ${within}`, bad: false },
    { name: 'duplicate', text: none ? noData : formatCount(events.duplicate), title: 'delivered more than once, since the start', bad: false },
    { name: 'late', text: none ? noData : formatCount(events.late), title: 'after their run was closed, since the start', bad: false },
    { name: 'leaked', text: none ? noData : formatCount(crossTalk.count), title: `shown to another user, ${within}`, bad: crossTalk.count > 0 },
  ];
  return (
    <div className="incident-figure">
      <dt className="visually-hidden">Events</dt>
      <dd className="incident-counts">
        {counts.map(({ name, text, title, bad }) => (
          <span key={name} title={title}>
            <b className={bad ? 'is-bad' : undefined}>{text}</b> {name}
          </span>
        ))}
      </dd>
    </div>
  );
}

/** From this delay on between a socket's callback and the fold, measured latencies are the monitor's own. */
const slowMonitorMs = 100;
/** Snapshots come 4 times a second; without one for this long the monitor has stopped. */
const silentMonitorMs = 5000;

function Age({ environment }: { readonly environment: EnvironmentSnapshot }) {
  const store = useMonitorStore();
  const frozenAt = useFrozenAt();
  const running = useClock(500, 'running');
  const { freshness } = useFreshness(environment);
  const silent = running - (store.newest()?.at ?? 0) > silentMonitorMs;
  const slow = environment.monitor.lagMs > slowMonitorMs;
  const [shape, word] = silent ? (['breached', 'monitor silent'] as const) : environment.state === 'blind' ? (['blind', 'monitor blind'] as const) : slow ? (['at-risk', 'monitor slow'] as const) : (['ok', 'monitor healthy'] as const);
  return (
    <Figure
      label={frozenAt !== undefined ? 'Age, frozen' : freshness.level === 'past' ? 'Last event' : 'Age, live'}
      value={frozenAt === undefined ? (freshness.ageMs === null ? noData : formatAge(freshness.ageMs)) : formatFrozen(running - frozenAt)}
      note={
        <>
          <StateShape state={shape} size={13} />
          {word}
        </>
      }
    />
  );
}
