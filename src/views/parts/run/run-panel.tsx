import { lazy, Suspense, useCallback, useMemo, useState, type ReactNode } from 'react';
import { epochMs } from '#base/units.ts';
import type { RunDetail } from '#monitor/snapshot.ts';
import { LostRun } from '#views/parts/captures/lost-link.tsx';
import { Icon } from '#views/parts/icon.tsx';
import { NotesList } from '#views/parts/notes/notes-list.tsx';
import { usePreference, writePreference } from '#views/parts/preferences.ts';
import { changeQuery, navigate, parseQuery } from '#views/parts/url-state.ts';
import { useCopy } from '#views/parts/use-copy.ts';
import { useKeys } from '#views/parts/use-keys.ts';
import { useEnvironment } from '#views/parts/use-monitor.ts';
import { BothClocks } from './both-clocks.tsx';
import { formatComparison } from './comparison-address.ts';
import { ExpectedTable } from './expected-table.tsx';
import { RawRecord } from './raw-record.tsx';
import { BesideLastGood } from './run-beside.tsx';
import { RunElsewhereList } from './run-elsewhere.tsx';
import { RunEvents } from './run-events.tsx';
import { RunNeighbours } from './run-neighbours.tsx';
import { RunStatus } from './run-status.tsx';
import { RunTimes } from './run-times.tsx';
import { SidePanel } from './side-panel.tsx';
import { useRunDetail } from './use-run-detail.ts';
import './run-panel.css';

const ExportDialog = lazy(async () => ({ default: (await import('#views/parts/captures/export-dialog.tsx')).ExportDialog }));
const NoteDialog = lazy(async () => ({ default: (await import('#views/parts/notes/note-dialog.tsx')).NoteDialog }));

interface RunPanelProps {
  readonly environmentId: string;
  readonly runId: string;
  readonly mock: boolean;
  /** Where the run stands among those that are looked for: `match 10 of 12`. */
  readonly match?: ReactNode;
  readonly onClose: () => void;
}

/** One run: why it is judged so, what was expected, what came and when by which clock, what stands beside it, and the raw records. */
export function RunPanel({ environmentId, runId, mock, match, onClose }: RunPanelProps) {
  const answer = useRunDetail(environmentId, runId);
  const detail = answer.phase === 'known' ? answer.detail : undefined;
  return (
    <SidePanel
      label={`Run ${runId}`}
      mock={mock}
      title={
        <>
          Run <span className="mono">{runId}</span>
        </>
      }
      end={match}
      onClose={onClose}
      meta={detail !== undefined && <Chips environmentId={environmentId} run={detail.run} />}
    >
      {detail === undefined ? (
        answer.phase === 'asking' ? <p className="panel-empty">Looking for it …</p> : <LostRun />
      ) : (
        <Known environmentId={environmentId} detail={detail} />
      )}
    </SidePanel>
  );
}

function Chips({ environmentId, run }: { readonly environmentId: string; readonly run: RunDetail['run'] }) {
  const transport = useEnvironment(environmentId, ({ connections }) => connections.find(({ id }) => id === run.connection)?.transport ?? undefined);
  return (
    <>
      <span className={`chip run-chip is-${run.status}`}>
        <RunStatus status={run.status} />
      </span>
      {run.fault !== 'none' && <span className="chip">{`look at: ${run.fault}`}</span>}
      <span className="chip">{run.connection}</span>
      {run.user !== null && <span className="chip">{run.user}</span>}
      {run.thread !== null && <span className="chip mono">{run.thread}</span>}
      {transport !== undefined && (
        <span className={`chip is-${transport}`} title="How its connection is open now">
          {transport}
        </span>
      )}
    </>
  );
}

function Known({ environmentId, detail }: { readonly environmentId: string; readonly detail: RunDetail }) {
  const { run, events } = detail;
  const clock = usePreference('clock') ?? 'corrected';
  const [chosenIndex, setChosenIndex] = useState<number>();
  const [dialog, setDialog] = useState<'note' | 'export'>();
  const chosen = (chosenIndex === undefined ? undefined : events[chosenIndex]) ?? events.at(-1);
  const compare = useCallback(() => {
    navigate({ compare: formatComparison({ left: { environmentId, lastGoodBefore: run.id }, right: { environmentId, run: run.id } }) });
  }, [environmentId, run.id]);
  const note = useCallback(() => setDialog('note'), []);
  const save = useCallback(() => setDialog('export'), []);
  const close = useCallback(() => setDialog(undefined), []);
  useKeys(
    useMemo(
      () => ({ k: () => writePreference('clock', clock === 'raw' ? 'corrected' : 'raw'), n: note, e: save, c: detail.lastGood === null ? undefined : compare }),
      [clock, note, save, compare, detail.lastGood],
    ),
  );
  const link = useCopy(
    useCallback(() => {
      const { origin, pathname, search } = window.location;
      return `${origin}${pathname}${changeQuery(search, { view: parseQuery(search).view ?? 'live', env: environmentId, run: run.id })}`;
    }, [environmentId, run.id]),
  );
  const shown = useMemo(() => ({ run, events: events.filter(({ disposition }) => disposition === 'attributed') }), [run, events]);
  return (
    <>
      <p className={`run-reason is-${run.status}`}>
        <b>Why:</b> {detail.why}
      </p>
      <ExpectedTable detail={detail} clock={clock} />
      <BesideLastGood lastGood={detail.lastGood} shown={shown} onCompare={compare} />
      <RunEvents detail={detail} clock={clock} chosen={chosen} onChoose={setChosenIndex} />
      {chosen !== undefined && <BothClocks event={chosen} clock={clock} />}
      <section className="side-section">
        <h3>
          Last record, raw <span>redacted</span>
        </h3>
        {detail.lastRecord === null ? <p className="dim">{events.length === 0 ? 'There is none.' : 'It is no longer stored.'}</p> : <RawRecord text={detail.lastRecord} label="Raw record" />}
      </section>
      <RunElsewhereList detail={detail} />
      <RunNeighbours detail={detail} />
      <RunTimes detail={detail} />
      {detail.notes.length > 0 && (
        <section className="side-section" aria-label="Notes on this run">
          <h3>Notes</h3>
          <NotesList notes={detail.notes} />
        </section>
      )}
      <div className="side-section run-actions">
        <button type="button" className="control primary" onClick={save}>
          <Icon name="save" size={14} />
          Save capsule <kbd>e</kbd>
        </button>
        <button type="button" className="control" onClick={link.copy}>
          <Icon name="link" size={14} />
          <span aria-live="polite">{link.said ?? 'Link'}</span> <kbd>l</kbd>
        </button>
        <button type="button" className="control" onClick={note}>
          <Icon name="note" size={14} />
          Note <kbd>n</kbd>
        </button>
      </div>
      <Suspense fallback={null}>
        {dialog === 'note' && <NoteDialog environmentId={environmentId} run={run.id} onClose={close} />}
        {dialog === 'export' && <ExportDialog environmentId={environmentId} from={run.openedAt} {...(run.closedAt !== null && { to: epochMs(run.closedAt + 1) })} onClose={close} />}
      </Suspense>
    </>
  );
}
