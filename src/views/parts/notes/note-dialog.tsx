import { useState, type FormEvent } from 'react';
import type { EpochMs } from '#base/units.ts';
import type { NoteInput } from '#monitor/desk-questions.ts';
import { longestNote } from '#monitor/notes.ts';
import { localTime } from '#views/parts/format.ts';
import { usePreference, writePreference } from '#views/parts/preferences.ts';
import { Sheet } from '#views/parts/sheet.tsx';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { noteWritten } from './notes-written.ts';
import './note-dialog.css';

const longestName = 100;

interface NoteDialogProps {
  readonly environmentId: string;
  /** The time that it is about. */
  readonly time?: EpochMs | undefined;
  /** The run that it is about. */
  readonly run?: string | undefined;
  /** The incident that is taken on by it, by its key; then a reason is asked for. */
  readonly acknowledges?: string | undefined;
  readonly onClose: () => void;
}

/** Takes down what somebody has to say of a run, of a moment, or why they take on an incident. */
export function NoteDialog({ environmentId, time, run, acknowledges, onClose }: NoteDialogProps) {
  const store = useMonitorStore();
  const author = usePreference('author');
  const [text, setText] = useState('');
  const [name, setName] = useState(author ?? '');
  const [problem, setProblem] = useState<string>();
  const said = text.trim();
  const write = (event: FormEvent): void => {
    event.preventDefault();
    if (said === '') return;
    const by = name.trim();
    writePreference('author', by);
    const note: NoteInput = {
      text: said,
      ...(by !== '' && { author: by }),
      ...(time !== undefined && { time }),
      ...(run !== undefined && { run }),
      ...(acknowledges !== undefined && { acknowledges }),
    };
    store.client.ask('note', { environmentId, note }).then(
      () => {
        noteWritten();
        onClose();
      },
      (error: unknown) => setProblem(error instanceof Error ? error.message : 'It could not be written.'),
    );
  };
  return (
    <Sheet title={acknowledges === undefined ? 'Note' : 'Acknowledge'} onClose={onClose}>
      <form className="note-form" onSubmit={write} autoComplete="off">
        <p>{aboutWords({ time, run, acknowledges })} It travels in captures and reports.</p>
        <label>
          <span>{acknowledges === undefined ? 'What there is to say' : 'Reason'}</span>
          <textarea name="text" rows={4} maxLength={longestNote} required value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <label>
          <span>Name, if you like; kept on this machine</span>
          <input type="text" name="author" maxLength={longestName} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        {problem !== undefined && (
          <p className="note-problem" role="alert">
            {problem}
          </p>
        )}
        <div className="note-actions">
          <button type="submit" className="control primary" disabled={said === ''}>
            {acknowledges === undefined ? 'Write note' : 'Acknowledge'}
          </button>
          <button type="button" className="control" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Sheet>
  );
}

function aboutWords({ time, run, acknowledges }: Pick<NoteDialogProps, 'time' | 'run' | 'acknowledges'>): string {
  if (acknowledges !== undefined) return 'It labels the incident, and hides nothing of it.';
  if (run !== undefined) return `On run ${run}.`;
  return time === undefined ? 'At the time at which it is written.' : `At ${localTime.time(time)} ${localTime.zone(time)}.`;
}
