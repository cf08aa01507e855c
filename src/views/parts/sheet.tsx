import { useEffect, useRef, type ReactNode } from 'react';
import { Icon } from './icon.tsx';
import './sheet.css';

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A sheet over the page; Esc or a click beside it closes it. */
export function Sheet({ title, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const byPointer = useRef(false);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    // A form is what it was opened for; else the first button is the way out.
    element?.querySelector<HTMLElement>('form textarea, form input')?.focus();
    return () => {
      element?.close();
      // A sheet that is taken away while it is open leaves the focus nowhere: who works by keyboard goes on where they were.
      if (!byPointer.current && document.activeElement === document.body && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // Clicks beside it only repeat what Esc and the button do.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog className="sheet" ref={dialog} aria-label={title} onClose={onClose} onPointerDown={() => (byPointer.current = true)} onKeyDown={() => (byPointer.current = false)} onClick={(event) => event.target === event.currentTarget && onClose()}>
      <div className="sheet-inside">
        <div className="sheet-head">
          <h2>{title}</h2>
          <button type="button" className="icon-button" onClick={onClose}>
            <Icon name="close" />
            <span className="visually-hidden">Close</span>
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
