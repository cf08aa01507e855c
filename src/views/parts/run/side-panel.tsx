import { useEffect, useRef, type ReactNode } from 'react';
import { Icon } from '#views/parts/icon.tsx';
import { MockChip } from '#views/parts/mock-chip.tsx';
import './side-panel.css';

interface SidePanelProps {
  readonly title: ReactNode;
  readonly label: string;
  readonly mock: boolean;
  /** Beside the title. */
  readonly end?: ReactNode;
  /** Chips below the title. */
  readonly meta?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A panel at the right edge: beside the view where there is room, over it where there is not. */
export function SidePanel({ title, label, mock, end, meta, onClose, children }: SidePanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Whoever opened it goes on reading here, and comes back to where they were when it closes.
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside className="panel side-panel" aria-label={label}>
      <div className="side-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <span className="side-end">
          {end}
          {mock && <MockChip />}
        </span>
        <button type="button" className="icon-button" title="Close (Esc)" onClick={onClose}>
          <Icon name="close" />
          <span className="visually-hidden">Close</span>
        </button>
        {meta !== undefined && <div className="side-meta">{meta}</div>}
      </div>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="side-body" role="region" aria-label={`${label}, details`} tabIndex={0}>
        {children}
      </div>
    </aside>
  );
}
