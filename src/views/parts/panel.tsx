import { useId, type ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { MockChip } from './mock-chip.tsx';
import './panel.css';

interface PanelProps {
  readonly title: string;
  /** What is counted, over which window, in which unit. */
  readonly caption?: ReactNode;
  /** Figures and switches at the end of the head. */
  readonly end?: ReactNode;
  readonly mock: boolean;
  readonly className?: string;
  /** Whether the table alternative is shown in the place of the chart. */
  readonly table?: { readonly shown: boolean; readonly toggle: () => void };
  readonly children: ReactNode;
}

/** A titled box that holds one chart; its chart can be read as a table instead. */
export function Panel({ title, caption, end, mock, className = '', table, children }: PanelProps) {
  const heading = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={heading}>
      <div className="panel-head">
        <h2 id={heading}>{title}</h2>
        {caption !== undefined && <span className="caption">{caption}</span>}
        <span className="end">
          {end}
          {mock && <MockChip />}
          {table !== undefined && (
            <button type="button" className="icon-button" aria-pressed={table.shown} title={table.shown ? 'Show the chart (t)' : 'Show as table (t)'} onClick={table.toggle}>
              <Icon name={table.shown ? 'chart' : 'table'} />
              <span className="visually-hidden">{`${title} as table`}</span>
            </button>
          )}
        </span>
      </div>
      <div className="panel-body">{children}</div>
    </section>
  );
}
