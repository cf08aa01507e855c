import { useId, useState } from 'react';
import type { EpochMs } from '#base/units.ts';
import { exportFormats, type ExportFormat } from '#monitor/export/exported-capture.ts';
import { Icon } from '#views/parts/icon.tsx';
import { Sheet } from '#views/parts/sheet.tsx';
import { formatBytes, spanText } from './capture-words.ts';
import { formatWords, insideText, outsideTexts } from './export-words.ts';
import { useExport, type ExportedFile, type ExportState } from './use-export.ts';
import './export-dialog.css';

interface ExportDialogProps {
  readonly environmentId: string;
  /** The stretch of time on the screen; without one all of it is exported. */
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  readonly onClose: () => void;
}

/** Makes a file of what was captured, and shows what is in it before it is saved: what is seen here is the file itself. */
export function ExportDialog({ environmentId, from, to, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<ExportFormat>('capsule');
  const [isWhole, setWhole] = useState(from === undefined || to === undefined);
  const [payloads, setPayloads] = useState(false);
  const state = useExport({ environmentId, format, payloads, ...(isWhole ? {} : { from, to }) });
  return (
    <Sheet title="Export" onClose={onClose}>
      <div className="export">
        <Choices label="Format" options={exportFormats.map((each) => ({ value: each, text: formatWords[each].name }))} value={format} onPick={setFormat} />
        <p className="dim">{formatWords[format].use}</p>
        {from !== undefined && to !== undefined && (
          <>
            <Choices
              label="Stretch of time"
              options={[
                { value: false, text: 'What is on the screen' },
                { value: true, text: 'All that is in memory' },
              ]}
              value={isWhole}
              onPick={setWhole}
            />
            {!isWhole && <p className="dim">{`${spanText(from, to)}. Each connection begins where no run is under way.`}</p>}
          </>
        )}
        <label className="export-payloads">
          <input type="checkbox" checked={payloads} onChange={(event) => setPayloads(event.target.checked)} />
          With payload texts
        </label>
        <p className={payloads ? 'export-warning' : 'dim'}>
          {payloads
            ? 'What agents and users wrote goes into the file. What looks like a secret is taken out, which is a guess: read the file before you hand it on.'
            : 'Only what is judged leaves: types, times, numbers, and ids as pseudonyms. It gives the same verdict to the last digit.'}
        </p>
        <Outcome state={state} />
        <div className="export-actions">
          <button type="button" className="control primary" disabled={state.kind !== 'ready'} onClick={() => state.kind === 'ready' && save(state.file)}>
            <Icon name="save" />
            {state.kind === 'ready' ? `Save ${state.file.name}` : 'Save'}
          </button>
          <button type="button" className="control" onClick={onClose}>
            {state.kind === 'making' ? 'Cancel' : 'Close'}
          </button>
        </div>
      </div>
    </Sheet>
  );
}

function Outcome({ state }: { readonly state: ExportState }) {
  const title = useId();
  if (state.kind === 'failed') return <p className="export-warning" role="alert">{state.message}</p>;
  if (state.kind === 'making')
    return (
      <p className="export-making" role="status">
        <progress value={state.share} aria-label="Making the file" />
        Making the file …
      </p>
    );
  const { counts, blob, preview } = state.file;
  return (
    <section className="export-outcome" aria-labelledby={title}>
      <h3 id={title}>What leaves</h3>
      <p role="status">{`${insideText(counts)} ${formatBytes(blob.size)}.`}</p>
      <ul>
        {outsideTexts(counts).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <p className="dim">Its first lines:</p>
      {/* A text that can be longer than its box has to be reached by the keyboard to be scrolled. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="export-preview mono" tabIndex={0} aria-label="First lines of the file">
        {preview.join('\n')}
      </pre>
    </section>
  );
}

interface ChoicesProps<T> {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly text: string }[];
  readonly value: T;
  readonly onPick: (value: T) => void;
}

function Choices<T extends string | boolean>({ label, options, value, onPick }: ChoicesProps<T>) {
  return (
    <div className="segment export-choices" role="group" aria-label={label}>
      {options.map((option) => (
        <button key={option.text} type="button" aria-pressed={option.value === value} onClick={() => onPick(option.value)}>
          {option.text}
        </button>
      ))}
    </div>
  );
}

function save({ blob, name }: ExportedFile): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // A large file is read while it is saved.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
