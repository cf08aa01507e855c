import { useEffect, useState } from 'react';
import { ProblemBox } from '#views/parts/problem-box.tsx';
import { Sheet } from '#views/parts/sheet.tsx';
import { ReadingNote } from './reading-note.tsx';
import { useOpenCapture } from './use-open-capture.ts';
import './import-zone.css';

/** Opens a capture that is dropped anywhere on the page, or pasted as a file or as text. What is shown stays until the capture was read. */
export function ImportZone() {
  const { open, reading, fault, dismiss } = useOpenCapture();
  const isOver = useDrop(open);
  usePaste(open);
  return (
    <>
      {isOver && (
        <div className="import-zone">
          <p>Drop a capture to open it: .jsonl or .jsonl.gz</p>
        </div>
      )}
      {reading !== undefined && (
        <div className="import-note">
          <ReadingNote name={reading} />
        </div>
      )}
      {fault !== undefined && (
        <Sheet title="This capture could not be opened" onClose={dismiss}>
          <ProblemBox place={fault.name} problem={fault.fault} />
          <p className="import-calm">What you were looking at is as it was.</p>
        </Sheet>
      )}
    </>
  );
}

type Open = (capture: Blob, name: string) => void;

/** True while a file is held over the page. */
function useDrop(open: Open): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const carriesFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent): void => {
      if (!carriesFile(event)) return;
      // A page that does not say so is left for the file.
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      // Going from one element to the next is no leaving.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (!carriesFile(event) || file === undefined) return;
      event.preventDefault();
      open(file, file.name);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, [open]);
  return isOver;
}

/** A file that is pasted, or the text of a capture; any other text is left to whom it is meant for. */
function usePaste(open: Open): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      if (event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]') !== null) return;
      const file = event.clipboardData?.files[0];
      if (file !== undefined) return open(file, file.name);
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (isRecordText(text)) open(new Blob([text]), 'pasted text');
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, [open]);
}

const isRecordText = (text: string): boolean => /^\s*\{\s*"record"/.test(text.slice(0, 200));
