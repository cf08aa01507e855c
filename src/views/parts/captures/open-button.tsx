import { useId, type ChangeEvent } from 'react';
import { ProblemBox } from '#views/parts/problem-box.tsx';
import { Sheet } from '#views/parts/sheet.tsx';
import { ReadingNote } from './reading-note.tsx';
import { useOpenCapture } from './use-open-capture.ts';
import './opened.css';

interface OpenButtonProps {
  /** The run and the stretch of time that the address names are looked for in the capture. */
  readonly keeps?: boolean;
}

/** Lets a capture be chosen, opens it and shows it; says how far it is, or why it cannot be opened. */
export function OpenButton({ keeps = false }: OpenButtonProps) {
  const { open, reading, fault, dismiss } = useOpenCapture(keeps);
  const id = useId();
  const choose = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const file = target.files?.[0];
    if (file !== undefined) open(file, file.name);
    // The same file may be chosen again.
    target.value = '';
  };
  return (
    <span className="open-capture">
      <label className="control" htmlFor={id}>
        Open capture…
      </label>
      <input id={id} type="file" className="visually-hidden" accept=".jsonl,.json,.gz,application/gzip" disabled={reading !== undefined} onChange={choose} />
      {reading !== undefined && <ReadingNote name={reading} />}
      {fault !== undefined && (
        <Sheet title="This file could not be opened" onClose={dismiss}>
          <ProblemBox place={fault.name} problem={fault.fault} />
        </Sheet>
      )}
    </span>
  );
}
