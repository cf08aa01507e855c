import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState, type ChangeEvent } from 'react';
import type { FileCheck } from '#environment/file-check.ts';
import { fetchEnvironmentsFile, useEnvironmentsFile, type EnvironmentsFile } from '#views/parts/environments-file.ts';
import { localTime } from '#views/parts/format.ts';
import { Panel } from '#views/parts/panel.tsx';
import { ProblemBox } from '#views/parts/problem-box.tsx';
import { StateShape } from '#views/parts/state-word.tsx';
import { CodeArea, showLine } from './code-area.tsx';
import { namesSentence, secretAdvice, standingOf, type Origin, type Standing } from './config-words.ts';
import { FaultTable } from './fault-table.tsx';
import type { LineMark } from './line-numbers.ts';
import { mostFileBytes, useFileCheck } from './use-file-check.ts';
import './config-editor.css';

const fileName = 'environments.json';
/** How often the server is asked whether somebody has changed the file. */
const lookMs = 5_000;

/** The environments file: what is in use, what lies in its place by now, and what somebody is writing; each with its faults. */
export function ConfigEditor() {
  const inUse = useEnvironmentsFile();
  return inUse === undefined ? null : <Editor inUse={inUse} />;
}

/** What somebody opened or wrote, instead of what the server has. */
interface Draft {
  readonly text: string;
  readonly origin: Origin;
}

function Editor({ inUse }: { readonly inUse: EnvironmentsFile }) {
  const [draft, setDraft] = useState<Draft>();
  const [unread, setUnread] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  const { data: served = inUse } = useQuery({
    queryKey: ['environments-file-by-now', inUse.place],
    queryFn: () => fetchEnvironmentsFile(inUse.place),
    refetchInterval: lookMs,
    retry: false,
  });
  const text = draft?.text ?? served.text;
  const origin: Origin = text === inUse.text ? { kind: 'in-use' } : (draft?.origin ?? { kind: 'served' });
  const check = useFileCheck(text);
  const marks = useMemo(() => marksOf(check), [check]);
  const show = (line: number): void => {
    if (field.current !== null) showLine(field.current, line);
  };
  const open = (event: ChangeEvent<HTMLInputElement>): void => {
    const input = event.target;
    const file = input.files?.[0];
    if (file === undefined) return;
    setUnread(undefined);
    if (file.size > mostFileBytes) setUnread(`${file.name} is larger than 1 MiB, so it was not read.`);
    else {
      file.text().then(
        (read) => setDraft({ text: read, origin: { kind: 'local', name: file.name } }),
        () => setUnread(`${file.name} could not be read.`),
      );
    }
    // The same file can be chosen again after it was changed.
    input.value = '';
  };
  return (
    <Panel
      className="config-panel"
      title="Configuration"
      caption={captionOf(origin, served)}
      mock={false}
      end={
        <>
          <label className="control config-open">
            Check a file
            <input className="visually-hidden" type="file" accept=".json,application/json" onChange={open} />
          </label>
          <button type="button" className="control" onClick={() => download(text)}>
            Export
          </button>
          <button type="button" className="control" disabled={draft === undefined} onClick={() => setDraft(undefined)}>
            Reset
          </button>
        </>
      }
    >
      <div className="config-inside">
        {unread !== undefined && <ProblemBox place="Check a file" problem={{ reason: 'unreadable', message: unread, remedy: 'Choose an environments file; one takes some kilobytes.' }} />}
        {check !== undefined && <StandingBox standing={standingOf(origin, check, localTime.time(inUse.changedAt))} canReload={origin.kind === 'served'} />}
        {check !== undefined && check.faults.length > 0 && <FaultTable faults={check.faults} onShow={show} />}
        {check !== undefined && check.secrets.length > 0 && <Secrets secrets={check.secrets} onShow={show} />}
        <CodeArea label={`Text of ${fileName}`} text={text} marks={marks} field={field} onChange={(changed) => setDraft({ text: changed, origin: { kind: 'written' } })} />
        {check !== undefined && check.names.length > 0 && <Names names={check.names} />}
      </div>
    </Panel>
  );
}

function captionOf(origin: Origin, served: EnvironmentsFile): string {
  switch (origin.kind) {
    case 'in-use':
      return fileName;
    case 'served':
      return `${fileName}, changed ${localTime.time(served.changedAt)}`;
    case 'local':
      return `${origin.name}, of this machine`;
    case 'written':
      return `${fileName}, changed here`;
  }
}

function StandingBox({ standing: { tone, title, text }, canReload }: { readonly standing: Standing; readonly canReload: boolean }) {
  return (
    <div className={`config-standing standing-${tone}`} aria-live="polite">
      <StateShape state={tone === 'faulty' ? 'breached' : tone === 'in-use' ? 'ok' : 'unproven'} size={20} reach={1} />
      <p>
        <b>{title}</b> <span>{text}</span>
      </p>
      {canReload && tone === 'ready' && (
        <button type="button" className="control" onClick={() => window.location.reload()}>
          Load anew
        </button>
      )}
    </div>
  );
}

function Secrets({ secrets, onShow }: { readonly secrets: FileCheck['secrets']; readonly onShow: (line: number) => void }) {
  return (
    <div className="config-secrets">
      <StateShape state="at-risk" size={16} />
      <div>
        <p>{secretAdvice}</p>
        <ul>
          {secrets.map(({ path, line }) => (
            <li key={path}>
              <button type="button" className="fault-place mono" onClick={() => onShow(line)}>
                {path}
              </button>{' '}
              <span className="dim">{`line ${line}`}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Names({ names }: { readonly names: readonly string[] }) {
  const [count, list] = namesSentence(names);
  return (
    <p className="config-names">
      <b>{count}</b> <span className="mono">{list}</span>, kept in memory only.
    </p>
  );
}

/** A line with a fault is a fault, whatever else there is. */
function marksOf(check: FileCheck | undefined): ReadonlyMap<number, LineMark> {
  const secrets = check?.secrets.map(({ line }): [number, LineMark] => [line, 'secret']) ?? [];
  return new Map([...secrets, ...(check?.faults.map(({ line }): [number, LineMark] => [line, 'fault']) ?? [])]);
}

function download(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // A browser begins to read it after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
