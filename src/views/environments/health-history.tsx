import { memo } from 'react';
import type { EnvironmentSnapshot, HealthSnapshot } from '#monitor/snapshot.ts';
import { clauseOf } from '#views/parts/chain-words.ts';
import { formatCount, formatShare, localTime } from '#views/parts/format.ts';
import { MockChip } from '#views/parts/mock-chip.tsx';
import { Panel } from '#views/parts/panel.tsx';
import { StateShape } from '#views/parts/state-word.tsx';
import { healthText } from './chain-facts.ts';
import './health-history.css';

const shownFailures = 5;

type Asked = EnvironmentSnapshot & { readonly health: HealthSnapshot };
const isAsked = (environment: EnvironmentSnapshot): environment is Asked => environment.health !== null;

/** How often each environment said that it is well, the last times when it did not, and which versions it named. */
export function HealthHistory({ environments }: { readonly environments: readonly EnvironmentSnapshot[] }) {
  const asked = environments.filter(isAsked);
  const failures = asked.flatMap(({ id, name, health }) => health.failures.map((failure) => ({ id, name, ...failure }))).toSorted((left, right) => right.at - left.at);
  const versions = asked.flatMap(({ id, name, health }) => (health.versions.length < 2 ? [] : health.versions.map((each) => ({ id, name, ...each })))).toSorted((left, right) => right.at - left.at);
  return (
    <Panel title="Health" caption="share of good answers, the newest 500 of each" mock={false}>
      {asked.length === 0 ? (
        <p className="panel-empty">nobody was asked yet</p>
      ) : (
        <div className="health-history">
          <ul>
            {asked.map(({ id, name, kind, health }) => (
              <li key={id} className="health-row">
                <span className="health-name">
                  <StateShape state={health.newest.ok ? 'ok' : 'breached'} size={15} />
                  <b>{name}</b>
                  {kind === 'mock' && <MockChip />}
                </span>
                <span className="health-share">
                  <b>{formatShare(health.good / health.asked)}</b> {`of ${formatCount(health.asked)} since ${localTime.time(health.from)}`}
                </span>
                <HealthStrip health={health} />
                <span className="health-newest">{`${healthText(health)}${health.newest.version === null ? '' : `, version ${health.newest.version}`}`}</span>
              </li>
            ))}
          </ul>
          <Times title="Last failures" none="none so far" times={failures.slice(0, shownFailures).map(({ id, name, at, reason }) => ({ key: `${id} ${at}`, at: localTime.time(at), text: `${name}: ${clauseOf(reason)}` }))} />
          {versions.length > 0 && <Times title="Versions" none="" times={versions.slice(0, shownFailures).map(({ id, name, at, version }) => ({ key: `${id} ${at}`, at: localTime.time(at), text: `${name}: ${version}` }))} />}
        </div>
      )}
    </Panel>
  );
}

interface TimesProps {
  readonly title: string;
  readonly none: string;
  readonly times: readonly { readonly key: string; readonly at: string; readonly text: string }[];
}

const Times = ({ title, none, times }: TimesProps) => (
  <section className="health-times">
    <h3>{title}</h3>
    {times.length === 0 ? (
      <p className="dim">{none}</p>
    ) : (
      <ul>
        {times.map(({ key, at, text }) => (
          <li key={key}>
            <span className="dim">{at}</span> {text}
          </li>
        ))}
      </ul>
    )}
  </section>
);

const places = 60;
const pitch = 4;

/** The newest answers, a bar each: low and quiet where all was well. */
const HealthStrip = memo(function HealthStrip({ health }: { readonly health: HealthSnapshot }) {
  const empty = places - health.recent.length;
  const failed = health.recent.filter(({ ok }) => !ok).length;
  return (
    <svg className="health-strip" viewBox={`0 0 ${places * pitch} 16`} preserveAspectRatio="none" role="img" aria-label={`${formatCount(failed)} of the newest ${formatCount(health.recent.length)} answers were not good`}>
      {health.recent.map(({ at, ok }, index) => (
        <rect key={at} className={ok ? 'good' : 'bad'} x={(empty + index) * pitch} y={ok ? 10 : 0} width={pitch - 1} height={ok ? 6 : 16} />
      ))}
    </svg>
  );
});
