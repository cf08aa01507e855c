import type { MouseEvent } from 'react';
import { Icon, type IconName } from './parts/icon.tsx';
import { changeQuery, navigate, useQueryState } from './parts/url-state.ts';
import './rail.css';

/** The views that there are; `g` and the first letter of its id leads to each. */
export const views: readonly { readonly id: string; readonly name: string; readonly icon: IconName }[] = [
  { id: 'live', name: 'Live', icon: 'live' },
  { id: 'triage', name: 'Triage', icon: 'triage' },
  { id: 'environments', name: 'Environments', icon: 'servers' },
  { id: 'report', name: 'Report', icon: 'report' },
];

interface RailProps {
  readonly view: string;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
}

/** The views, theme and help: at the left edge, or at the bottom of a narrow screen. */
export function Rail({ view, onTheme, onHelp }: RailProps) {
  // Each link leads from the address as it is now.
  useQueryState();
  /** A page that is loaded anew has forgotten all that it counted, so a view is changed in place. */
  const go = (event: MouseEvent, id: string): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate({ view: id });
  };
  return (
    <nav className="rail" aria-label="Views">
      <Brand />
      {views.map(({ id, name, icon }) => (
        <a key={id} className="rail-item" href={changeQuery(window.location.search, { view: id })} aria-current={id === view ? 'page' : undefined} onClick={(event) => go(event, id)}>
          <Icon name={icon} size={19} />
          <span>{name}</span>
        </a>
      ))}
      <i className="grow" />
      <button type="button" className="rail-item" onClick={onTheme}>
        <Icon name="theme" size={18} />
        <span>Theme</span>
      </button>
      <button type="button" className="rail-item" onClick={onHelp}>
        <Icon name="help" size={18} />
        <span>Help ?</span>
      </button>
    </nav>
  );
}

export const Brand = () => (
  <span className="brand">
    <svg width="30" height="30" viewBox="0 0 28 28" role="img" aria-label="Runwatch">
      <rect x="1" y="6" width="26" height="16" rx="8" fill="var(--surface-3)" />
      <path d="M6 10.2 11.4 14 6 17.8Z" fill="var(--ev-started)" />
      <circle cx="15" cy="14" r="2.7" fill="var(--ev-executing)" />
      <path d="M22 10.3 25.4 14 22 17.7 18.6 14Z" fill="var(--ev-answer)" />
    </svg>
  </span>
);
