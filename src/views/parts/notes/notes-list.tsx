import type { RunDetail } from '#monitor/snapshot.ts';
import { longestNote } from '#monitor/notes.ts';
import { formatCount, localTime } from '#views/parts/format.ts';
import './notes-list.css';

type Note = RunDetail['notes'][number];

const longestName = 100;
const mostShown = 200;

/** Notes as they were written: texts of whoever wrote the capture, and nothing else. The newest 200, the oldest of them first. */
export function NotesList({ notes }: { readonly notes: readonly Note[] }) {
  const shown = notes.slice(-mostShown);
  return (
    <>
      {shown.length < notes.length && <p className="dim">{`${formatCount(notes.length - shown.length)} older ones are not shown.`}</p>}
      <ul className="notes-list">
        {shown.map((note, index) => (
          // Notes are only ever added at the end.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <p className="note-head">
              <time dateTime={new Date(note.at).toISOString()}>{localTime.time(note.at)}</time>
              {note.author !== undefined && <b>{note.author.slice(0, longestName)}</b>}
              {note.acknowledges !== undefined && <span className="chip">acknowledged</span>}
              {note.time !== undefined && <span>{`about ${localTime.time(note.time)}`}</span>}
            </p>
            <p className="note-text">{note.text.slice(0, longestNote)}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
