import { useSyncExternalStore } from 'react';
import type { ArchiveSnapshot } from '#monitor/snapshot.ts';
import { formatShare } from '#views/parts/format.ts';
import { StateShape } from '#views/parts/state-word.tsx';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import './archive-note.css';

/** How the archive fares now, whether the view stands still or not; undefined while nothing is known of it. */
export function useArchive(): ArchiveSnapshot | undefined {
  const store = useMonitorStore();
  return useSyncExternalStore(store.subscribe, () => store.newest()?.archive ?? undefined);
}

/** Says in a few words that what comes is not kept; nothing while all is well. The whole sentence is in the list of captures, and in its title. */
export function ArchiveNote() {
  const archive = useArchive();
  if (archive === undefined) return null;
  const { state, message, remedy, reading } = archive;
  if (reading !== null) return <span className="archive-note is-reading" role="status">{`Reading what was captured before: ${formatShare(reading)}`}</span>;
  if (message === null) return null;
  return (
    <span className="archive-note" role="status" title={`${message} ${remedy ?? ''}`}>
      <StateShape state="at-risk" size={14} />
      {shortly[state]}
      <span className="visually-hidden">{`${message} ${remedy ?? ''}`}</span>
    </span>
  );
}

const shortly: Readonly<Record<ArchiveSnapshot['state'], string>> = {
  absent: 'Not kept: no storage',
  full: 'Not kept: storage full',
  blocked: 'Not kept: storage blocked',
  writing: 'A new capture was begun',
};
