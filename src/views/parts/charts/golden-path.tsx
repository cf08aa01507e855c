import { Fragment, memo } from 'react';
import type { GoldenPathStage, GoldenPathStageName } from '#monitor/snapshot.ts';
import { DataTable } from '#views/parts/data-table.tsx';
import { formatCount, formatDuration, formatWindow, noData } from '#views/parts/format.ts';
import { Panel } from '#views/parts/panel.tsx';
import { useEnvironment } from '#views/parts/use-monitor.ts';
import type { ChartPanelProps } from './chart-panel.ts';
import './golden-path.css';

const stageNames: Readonly<Record<GoldenPathStageName, string>> = { login: 'Login', connection: 'Connection', agent: 'Agent started', stream: 'Event stream', response: 'Response' };
/** A stage is lit when more than this share of what reached it failed. */
const litShare = 0.01;

/** How far triggered runs come: login, connection, agent, stream, response. */
export const GoldenPath = memo(function GoldenPath({ environmentId, mock, table }: ChartPanelProps) {
  const stages = useEnvironment(environmentId, (environment) => environment.goldenPath) ?? [];
  const windowMs = useEnvironment(environmentId, (environment) => environment.windowMs) ?? 0;
  const [login] = stages;
  const triggered = login === undefined ? 0 : reached(login) + login.inconclusive + login.blocked + login.pending;
  const pending = stages.at(-1)?.pending ?? 0;
  const lit = worstStage(stages);
  // A connection that never came so far as to trigger a run is counted with the stage that stopped it.
  const stopped = stages.some(({ stage, failed }) => (stage === 'login' || stage === 'connection') && failed > 0);
  const caption = triggered === 0 ? `no triggered run in the last ${formatWindow(windowMs)}` : `${formatCount(triggered)} triggered runs${stopped ? ' or stopped connections' : ''} in ${formatWindow(windowMs)}, ${formatCount(pending)} still running`;
  return (
    <Panel className="golden-path" title="Golden path" caption={caption} mock={mock} table={table}>
      {table.shown ? (
        <DataTable
          caption="Golden path by stage"
          columns={['Stage', 'Passed', 'Failed', 'Inconclusive', 'Blocked', 'Running', 'Median', 'p95']}
          rows={stages.map((stage) => ({
            key: stage.stage,
            cells: [stageNames[stage.stage], ...[stage.passed, stage.failed, stage.inconclusive, stage.blocked, stage.pending].map((count) => (triggered === 0 ? noData : formatCount(count))), duration(stage.medianMs), duration(stage.p95Ms)],
          }))}
        />
      ) : (
        <ol className="funnel">
          {stages.map((stage, index) => (
            <Fragment key={stage.stage}>
              {index > 0 && <Separator />}
              <li className={stage === lit ? 'stage is-lit' : 'stage'}>
                <span className="stage-name">{stageNames[stage.stage]}</span>
                <span className={triggered === 0 ? 'stage-count is-void' : 'stage-count'}>{triggered === 0 ? noData : formatCount(stage.passed)}</span>
                <span className={stage === lit ? 'stage-note is-bad' : 'stage-note'}>{triggered === 0 ? '' : `${formatCount(stage.failed)} failed`}</span>
                <span className="stage-note dim">{triggered === 0 ? '' : asideOf(stage)}</span>
                <span className="stage-note">{triggered > 0 && stage.medianMs !== null && (
                    <>
                      {formatDuration(stage.medianMs)}
                      <span className="median-word"> median</span>
                    </>
                  )}</span>
              </li>
            </Fragment>
          ))}
        </ol>
      )}
    </Panel>
  );
});

const duration = (ms: number | null): string => (ms === null ? noData : formatDuration(ms));
const reached = (stage: GoldenPathStage): number => stage.passed + stage.failed;

function worstStage(stages: readonly GoldenPathStage[]): GoldenPathStage | undefined {
  const share = (stage: GoldenPathStage): number => (reached(stage) === 0 ? 0 : stage.failed / reached(stage));
  const worst = stages.toSorted((left, right) => share(right) - share(left))[0];
  return worst !== undefined && share(worst) > litShare ? worst : undefined;
}

function asideOf({ inconclusive, blocked }: GoldenPathStage): string {
  const words = [inconclusive > 0 ? `${formatCount(inconclusive)} inconclusive` : '', blocked > 0 ? `${formatCount(blocked)} blocked` : ''];
  return words.filter((word) => word !== '').join(', ');
}

const Separator = () => (
  <li className="stage-separator" aria-hidden="true">
    <svg width="14" height="88" viewBox="0 0 14 88">
      <path d="M3 30 11 42 3 54" />
    </svg>
  </li>
);
