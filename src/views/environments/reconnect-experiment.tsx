import { useId, useState } from 'react';
import type { ReconnectResult } from '#monitor/experiment.ts';
import { formatCount, formatDuration, formatPart } from '#views/parts/format.ts';
import { Icon } from '#views/parts/icon.tsx';
import { useEnvironment, useMonitorStore } from '#views/parts/use-monitor.ts';
import './reconnect-experiment.css';

interface ReconnectExperimentProps {
  readonly environmentId: string;
}

type Progress = { readonly step: 'ready' | 'under-way' | 'not-watched' | 'broken' } | { readonly step: 'done'; readonly result: ReconnectResult };

/** Cuts one connection of an environment in mid-run, as a lost network would, and tells what became of the run. */
export function ReconnectExperiment({ environmentId }: ReconnectExperimentProps) {
  // What was found out about one environment says nothing of another.
  return <Experiment key={environmentId} environmentId={environmentId} />;
}

function Experiment({ environmentId }: ReconnectExperimentProps) {
  const { client } = useMonitorStore();
  const heading = useId();
  const open = useEnvironment(environmentId, (environment) => environment.open) ?? 0;
  const [progress, setProgress] = useState<Progress>({ step: 'ready' });
  const start = (): void => {
    setProgress({ step: 'under-way' });
    client.experiment(environmentId).then(
      (result) => setProgress(result === undefined ? { step: 'not-watched' } : { step: 'done', result }),
      () => setProgress({ step: 'broken' }),
    );
  };
  const isUnderWay = progress.step === 'under-way';
  return (
    <section className="reconnect-experiment" aria-labelledby={heading}>
      <h3 id={heading}>Reconnect experiment</h3>
      <p>
        Cuts the connection of the next run that begins, as a lost network would, and tells what became of the run: resumed, lost, replayed or doubled. The run that is cut
        counts like any other.
      </p>
      <button type="button" className="control" disabled={open === 0 || isUnderWay} onClick={start}>
        <Icon name="plug" />
        {isUnderWay ? 'Under way' : 'Cut a connection'}
      </button>
      <div role="status">
        {progress.step === 'under-way' && <p>Waiting for a run to begin; then for its end, and for the connection to come back.</p>}
        {progress.step === 'not-watched' && <p>This environment is not connected, so there is nothing to cut.</p>}
        {progress.step === 'broken' && <p>The monitor did not answer. Reload the page to start it anew.</p>}
        {progress.step === 'done' && <Result result={progress.result} />}
      </div>
    </section>
  );
}

const outcomes: Readonly<Record<ReconnectResult['outcome'], string>> = {
  resumed: 'RESUMED',
  lost: 'LOST',
  'not-reopened': 'NOT REOPENED',
  'not-done': 'NOT DONE',
};

function Result({ result }: { readonly result: ReconnectResult }) {
  const { outcome, sentence, connection, run, reopenedAfterMs, recovered, expected, delivered, lost, replayed, doubled } = result;
  const figures: readonly (readonly [string, string])[] = [
    ['Delivered', `${formatPart(delivered, expected)} expected events`],
    ['Lost', formatCount(lost)],
    ['Replayed', formatCount(replayed)],
    ['Doubled', formatCount(doubled)],
    ['Open again', reopenedAfterMs === null ? 'no' : `after ${formatDuration(reopenedAfterMs)}`],
    ['Target claimed', recovered === null ? 'nothing' : recovered ? 'session recovered' : 'no recovery'],
  ];
  return (
    <>
      <p className={`experiment-outcome is-${outcome}`}>
        <OutcomeShape outcome={outcome} />
        <b>{outcomes[outcome]}</b>
        <span>{sentence}</span>
      </p>
      {run !== null && (
        <dl className="experiment-figures">
          {figures.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <div>
            <dt>Cut</dt>
            <dd className="mono">{`${connection}, run ${run}`}</dd>
          </div>
        </dl>
      )}
    </>
  );
}

function OutcomeShape({ outcome }: { readonly outcome: ReconnectResult['outcome'] }) {
  return (
    <svg width="15" height="15" viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[outcome]} />
    </svg>
  );
}

const shapes: Readonly<Record<ReconnectResult['outcome'], string>> = {
  resumed: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM7.4 12.3l3.1 3.1 6.2-6.6',
  lost: 'M7.8 1.6h8.4l6.2 6.2v8.4l-6.2 6.2H7.8l-6.2-6.2V7.8ZM8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6',
  'not-reopened': 'M12 2.2 22.6 21.2H1.4ZM12 9v5.4M12 17.9v.2',
  'not-done': 'M12 1.6 22.4 12 12 22.4 1.6 12ZM9.4 9.6c0-1.5 1-2.4 2.4-2.4s2.6.9 2.6 2.2c0 1.8-2.4 1.9-2.4 3.8M12 16.4v.2',
};
