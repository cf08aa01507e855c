import { useId, useRef, useState, type FormEvent, type MouseEvent } from 'react';
import type { StoredCapture } from '#monitor/archive-client.ts';
import { formatCount } from '#views/parts/format.ts';
import { MockChip } from '#views/parts/mock-chip.tsx';
import { formatBytes, keptText, lossesOf, spanText, titleOf } from './capture-words.ts';

/** What can be done with a capture. */
export type CaptureDoing =
  | { readonly kind: 'open' | 'save' | 'remove' }
  | { readonly kind: 'rename'; readonly name: string | null }
  | { readonly kind: 'keep'; readonly kept: boolean };

interface CaptureRowProps {
  readonly capture: StoredCapture;
  readonly onDo: (doing: CaptureDoing) => Promise<void>;
}

/** One capture: what it holds and what it lacks. */
export function CaptureRow({ capture, onDo }: CaptureRowProps) {
  const title = useId();
  const [asked, setAsked] = useState<'name' | 'save' | 'remove'>();
  const [isBusy, setBusy] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const ask = (what: 'name' | 'save' | 'remove') => (event: MouseEvent<HTMLButtonElement>) => {
    opener.current = event.currentTarget;
    setAsked(what);
  };
  const close = (): void => {
    setAsked(undefined);
    opener.current?.focus();
  };
  const act = (doing: CaptureDoing): void => {
    setBusy(true);
    if (asked !== undefined) close();
    void onDo(doing).finally(() => {
      setBusy(false);
      // A button that could not be pressed meanwhile may have lost the keys.
      requestAnimationFrame(() => document.activeElement === document.body && opener.current?.focus());
    });
  };
  const { environmentName, kind, name, from, to, bytes, records, writer, ended, kept, pinned } = capture;
  const losses = lossesOf(capture);
  const keptBecause = keptText(capture);
  const isKept = kept || pinned.length > 0;
  const isLive = writer !== null && !ended;
  return (
    <li className="capture" aria-labelledby={title}>
      <div className="capture-head">
        <h3 id={title}>{titleOf(capture)}</h3>
        {kind === 'mock' && <MockChip />}
        {name !== null && <span className="chip">{environmentName}</span>}
        {isLive && <span className="chip">{writer === 'here' ? 'being written' : 'another tab is writing it'}</span>}
        {isKept && <span className="chip">kept</span>}
        {isBusy && (
          <span className="dim" role="status">
            one moment …
          </span>
        )}
      </div>
      <p className="capture-facts">{`${spanText(from, to)} · ${formatBytes(bytes)} · ${formatCount(records)} ${records === 1 ? 'record' : 'records'}`}</p>
      {keptBecause !== undefined && <p className="capture-facts">{keptBecause}</p>}
      {losses.length > 0 && (
        <ul className="capture-losses" aria-label="What it lacks">
          {losses.map((loss) => (
            <li key={loss}>{loss}</li>
          ))}
        </ul>
      )}
      {asked === 'name' && <NameForm name={name ?? ''} onGive={(given) => act({ kind: 'rename', name: given })} onCancel={close} />}
      {asked === 'save' && (
        <div className="capture-confirm" role="group" aria-label="Save this capture as it is?">
          <p>{`Save ${formatCount(records)} records as they are stored? Secrets are taken out; the names of users and what the agents wrote are in it. A file without them comes of “Open”, and then Export.`}</p>
          <div className="capture-actions">
            <button type="button" className="control" onClick={() => act({ kind: 'save' })}>
              Save with all texts
            </button>
            <button type="button" className="control primary" ref={focus} onClick={close}>
              Cancel
            </button>
          </div>
        </div>
      )}
      {asked === 'remove' && (
        <div className="capture-confirm" role="group" aria-label="Delete this capture?">
          <p>{`Delete “${titleOf(capture)}”, ${spanText(from, to)}: ${formatCount(records)} records, ${formatBytes(bytes)}? They are in no other place unless you exported them.`}</p>
          <div className="capture-actions">
            <button type="button" className="control" onClick={() => act({ kind: 'remove' })}>
              Delete for good
            </button>
            <button type="button" className="control primary" ref={focus} onClick={close}>
              Cancel
            </button>
          </div>
        </div>
      )}
      <div className="capture-actions">
        <button type="button" className="control" disabled={isBusy} onClick={() => act({ kind: 'open' })}>
          Open
        </button>
        <button type="button" className="control" disabled={isBusy} onClick={ask('save')}>
          Save as file …
        </button>
        <button type="button" className="control" disabled={isBusy} onClick={ask('name')}>
          Rename
        </button>
        <button type="button" className="control" disabled={isBusy} onClick={() => act({ kind: 'keep', kept: !isKept })}>
          {isKept ? 'Let go' : 'Keep'}
        </button>
        <button type="button" className="control" disabled={isBusy || isLive} {...(isLive && { title: 'It is being written. Disconnect first.' })} onClick={ask('remove')}>
          Delete …
        </button>
      </div>
    </li>
  );
}

const longestName = 80;

/** What was asked for is where the keys go. */
const focus = (element: HTMLElement | null): void => element?.focus();

interface NameFormProps {
  readonly name: string;
  readonly onGive: (name: string | null) => void;
  readonly onCancel: () => void;
}

function NameForm({ name, onGive, onCancel }: NameFormProps) {
  const [text, setText] = useState(name);
  const give = (event: FormEvent): void => {
    event.preventDefault();
    onGive(text.trim() === '' ? null : text.trim());
  };
  return (
    <form className="capture-name" onSubmit={give}>
      <input aria-label="Name of this capture" value={text} maxLength={longestName} autoComplete="off" ref={focus} onChange={(event) => setText(event.target.value)} />
      <button type="submit" className="control primary">
        Rename
      </button>
      <button type="button" className="control" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
