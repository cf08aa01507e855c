import { useEffect, useRef, type ReactNode } from 'react';
import './menu.css';

interface MenuProps {
  readonly className?: string;
  /** What the button says. */
  readonly summary: ReactNode;
  readonly children: ReactNode;
}

/** A button that opens a few things to choose from below it; a choice, a form that is sent, a click beside it or Esc closes it. */
export function Menu({ className = '', summary, children }: MenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false;
  };
  useEffect(() => {
    const onPointer = ({ target }: PointerEvent): void => {
      if (target instanceof Node && menu.current?.contains(target) === false) menu.current.open = false;
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, []);
  return (
    // What is heard here was pressed or clicked in it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <details
      className={`menu ${className}`}
      ref={menu}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || menu.current?.open !== true) return;
        event.preventDefault();
        close();
        menu.current.querySelector('summary')?.focus();
      }}
      onClick={({ target }) => target instanceof Element && target.closest('button[type="button"]') !== null && close()}
      onSubmit={close}
    >
      <summary className="control">{summary}</summary>
      <div className="menu-choice">{children}</div>
    </details>
  );
}
