import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { epochMs } from '#base/units.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { ArchiveNote } from './parts/captures/archive-note.tsx';
import { OpenButton } from './parts/captures/open-button.tsx';
import { Icon } from './parts/icon.tsx';
import { Menu } from './parts/menu.tsx';
import { usualComparison } from './parts/run/comparison-address.ts';
import { focusSearch } from './parts/search/focus-search.ts';
import { SearchBox } from './parts/search/search-box.tsx';
import { filterFor } from './parts/search/search-words.ts';
import type { RangeControls } from './parts/timeline/use-range.ts';
import { navigate, useQueryState } from './parts/url-state.ts';
import { useKeys } from './parts/use-keys.ts';
import { RangeControl } from './range-control.tsx';
import './bar-tools.css';

const CapturesSheet = lazy(async () => ({ default: (await import('./parts/captures/captures-sheet.tsx')).CapturesSheet }));
const ComparePanel = lazy(async () => ({ default: (await import('./parts/run/compare-panel.tsx')).ComparePanel }));
const ExportDialog = lazy(async () => ({ default: (await import('./parts/captures/export-dialog.tsx')).ExportDialog }));
const NoteDialog = lazy(async () => ({ default: (await import('./parts/notes/note-dialog.tsx')).NoteDialog }));

interface BarToolsProps {
  readonly environment: EnvironmentSnapshot;
  readonly controls: RangeControls;
  /** How often a link was copied. */
  readonly copied: number;
}

type Dialog = 'captures' | 'export' | 'note';

/** What somebody needs who looks closely: a stretch of time, a search, and what can be kept of it. Loaded after the verdict is there. */
export function BarTools({ environment, controls, copied }: BarToolsProps) {
  const { run, filter, compare } = useQueryState();
  const [open, setOpen] = useState<Dialog>();
  const close = useCallback(() => setOpen(undefined), []);
  const { id } = environment;
  const { range } = controls;
  // What is written down goes into the capture of what is watched.
  const canNote = environment.opened === null && environment.phase !== 'idle';
  const openCompare = useCallback(() => navigate({ compare: usualComparison }), []);
  useKeys(
    useMemo(() => {
      const own = filterFor({ run, connection: undefined });
      return {
        '/': focusSearch,
        f: own === undefined ? undefined : () => navigate({ filter: filter === own ? undefined : own }, 'replace'),
        // An open run takes these for itself.
        ...(run === undefined && { n: canNote ? () => setOpen('note') : undefined, c: openCompare, e: () => setOpen('export') }),
      };
    }, [run, filter, canNote, openCompare]),
  );
  const stretch = range.endAt === undefined ? {} : { from: epochMs(range.endAt - range.spanMs), to: range.endAt };
  return (
    <>
      <RangeControl controls={controls} />
      <SearchBox environmentId={id} />
      <i className="grow" />
      <ArchiveNote />
      <button type="button" className="control tool-button" onClick={() => setOpen('export')}>
        <Icon name="save" />
        <span>Export</span> <kbd>e</kbd>
      </button>
      <Menu
        className="is-right tools-menu"
        summary={
          <>
            <Icon name="archive" />
            <span>Captures</span>
          </>
        }
      >
        <button type="button" className="control" onClick={() => setOpen('captures')}>
          <Icon name="archive" />
          Captures in this browser
        </button>
        <OpenButton />
        <button type="button" className="control" onClick={openCompare}>
          <Icon name="compare" />
          Compare <kbd>c</kbd>
        </button>
        {canNote && (
          <button type="button" className="control" onClick={() => setOpen('note')}>
            <Icon name="note" />
            Note <kbd>n</kbd>
          </button>
        )}
      </Menu>
      <CopiedNote key={copied} copied={copied} onExport={() => setOpen('export')} />
      <Suspense fallback={null}>
        {open === 'captures' && <CapturesSheet environmentId={id} onClose={close} />}
        {open === 'export' && <ExportDialog environmentId={id} {...stretch} onClose={close} />}
        {open === 'note' && <NoteDialog environmentId={id} {...(run === undefined ? { time: range.endAt } : { run })} onClose={close} />}
        {compare !== undefined && <ComparePanel environmentId={id} onClose={close} />}
      </Suspense>
    </>
  );
}

/** So long it is said what a copied link does not carry. */
const noteMs = 15_000;

/** A link says where to look. What was recorded stays on this machine, which whoever hands on the link has to know. */
function CopiedNote({ copied, onExport }: { readonly copied: number; readonly onExport: () => void }) {
  const [shown, setShown] = useState(copied > 0);
  useEffect(() => {
    if (!shown) return undefined;
    const timer = setTimeout(() => setShown(false), noteMs);
    return () => clearTimeout(timer);
  }, [shown]);
  if (!shown) return null;
  return (
    <div className="copied-note" role="status">
      <p>The link leads to the same place and time. What was recorded is only on this machine: whoever opens it elsewhere needs the capture too.</p>
      <button
        type="button"
        className="control"
        onClick={() => {
          setShown(false);
          onExport();
        }}
      >
        <Icon name="save" />
        Export the capture
      </button>
      <button type="button" className="control" onClick={() => setShown(false)}>
        Close
      </button>
    </div>
  );
}
