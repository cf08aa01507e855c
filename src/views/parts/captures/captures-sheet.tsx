import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StoredCapture } from '#monitor/archive-client.ts';
import { formatCount } from '#views/parts/format.ts';
import { Sheet } from '#views/parts/sheet.tsx';
import { navigate, useQueryState } from '#views/parts/url-state.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { useArchive } from './archive-note.tsx';
import { CaptureRow, type CaptureDoing } from './capture-row.tsx';
import { fileNameOf, formatBytes, titleOf } from './capture-words.ts';
import './captures-sheet.css';

interface CapturesSheetProps {
  /** Its captures stand first. */
  readonly environmentId: string;
  readonly onClose: () => void;
}

/** The list is read anew this often while it is looked at. */
const refreshMs = 2000;

/** The captures in this browser's storage: what they hold, what they lack, and what can be done with each. */
export function CapturesSheet({ environmentId, onClose }: CapturesSheetProps) {
  const store = useMonitorStore();
  const archive = useArchive();
  const { view } = useQueryState();
  const [trouble, setTrouble] = useState<string>();
  const list = useQuery({ queryKey: ['captures'], queryFn: async () => (await store.client.captures()).list(), refetchInterval: refreshMs, staleTime: 0, retry: false });
  const captures = list.data?.captures.toSorted((a, b) => Number(b.environmentId === environmentId) - Number(a.environmentId === environmentId)) ?? [];

  const act = async (capture: StoredCapture, doing: CaptureDoing): Promise<void> => {
    setTrouble(undefined);
    try {
      const client = await store.client.captures();
      if (doing.kind === 'rename') await client.rename(capture.id, doing.name);
      else if (doing.kind === 'keep') await (doing.kept ? client.keep(capture.id, true) : Promise.all([client.keep(capture.id, false), client.unpin(capture.id)]));
      else if (doing.kind === 'remove') await client.remove(capture.id);
      else {
        const stored = await client.read(capture.id);
        if (doing.kind === 'save') download(stored, fileNameOf(capture));
        else {
          const answer = await store.client.ask('openCapture', { capture: stored, name: titleOf(capture) });
          if (answer.kind === 'fault') throw new Error(`${answer.fault.message} ${answer.fault.remedy}`);
          navigate({ view: view === 'triage' ? view : 'live', env: answer.environmentId, run: undefined, from: undefined, to: undefined });
          onClose();
          return;
        }
      }
    } catch (error) {
      setTrouble(`${titleOf(capture)}: ${error instanceof Error ? error.message : String(error)}`);
    }
    await list.refetch();
  };

  return (
    <Sheet title="Captures in this browser" onClose={onClose}>
      <div className="captures">
        {(archive?.message ?? null) === null ? (
          <p className="captures-state" role="status">
            {`${stateText(archive?.storage)} ${list.data === undefined ? '' : `${formatBytes(list.data.status.bytes)}${list.data.status.budgetBytes === 0 ? '' : ` of ${formatBytes(list.data.status.budgetBytes)}`} used; then the oldest makes room.`}`}
          </p>
        ) : (
          <p className="captures-state is-bad" role="status">
            <b>{archive?.message}</b> {archive?.remedy}
          </p>
        )}
        {(trouble ?? list.error?.message) !== undefined && (
          <p className="captures-state is-bad" role="alert">
            {trouble ?? list.error?.message}
          </p>
        )}
        {list.isPending ? (
          <p className="dim">Reading the list …</p>
        ) : (
          <>
            <p className="dim">{captures.length === 0 ? 'No capture is stored.' : `${formatCount(captures.length)} ${captures.length === 1 ? 'capture' : 'captures'}, those of this environment first.`}</p>
            <ul className="captures-list">
              {captures.map((capture) => (
                <CaptureRow key={capture.id} capture={capture} onDo={(doing) => act(capture, doing)} />
              ))}
            </ul>
          </>
        )}
      </div>
    </Sheet>
  );
}

function stateText(storage: 'opfs' | 'indexeddb' | 'none' | undefined): string {
  if (storage === undefined || storage === 'none') return 'What comes is about to be kept in the storage of this browser, with secrets taken out.';
  return `What comes is kept in ${storage === 'opfs' ? 'files of this browser' : 'a database of this browser'}, with secrets taken out.`;
}

function download(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // A large file is read while it is saved.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
