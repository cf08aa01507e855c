import { useEffect, useRef } from 'react';
import type { Found } from '#monitor/query/search-answer.ts';
import { formatCount, formatRuns } from '#views/parts/format.ts';
import { SearchResults } from './search-results.tsx';
import { gapWords, withTerm } from './search-words.ts';
import './search-panel.css';

interface SearchPanelProps {
  readonly id: string;
  readonly environmentId: string;
  readonly query: string;
  readonly found: Found;
  readonly onQuery: (query: string) => void;
  readonly onClose: () => void;
}

/** As many values of a field as are looked over at a glance. */
const mostShown = 8;

/** How the matches are spread, and the matches themselves, the newest first. Esc closes it. */
export function SearchPanel({ id, environmentId, query, found, onQuery, onClose }: SearchPanelProps) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = panel.current;
    const before = document.activeElement;
    element?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected && (document.activeElement === document.body || element?.contains(document.activeElement) === true)) before.focus({ preventScroll: true });
    };
  }, []);
  const gaps = gapWords(found);
  const facets = found.facets.filter(({ values }) => values.length > 0);
  return (
    // Whatever in it has the focus: Esc closes it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={panel}
      id={id}
      className="search-panel"
      aria-label="Matches"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <p className="search-sum">
        {`${formatCount(found.matches)} ${found.matches === 1 ? 'event' : 'events'} of ${formatRuns(found.runCount)}`}
        {found.matches > found.rows.length && found.rows.length > 0 && `, the newest ${formatCount(found.rows.length)} listed`}
        {gaps !== '' && <span className="search-gaps">{` ${gaps}`}</span>}
      </p>
      <div className="search-facets">
        {facets.map(({ field, values }) => (
          <fieldset key={field}>
            <legend>{field}</legend>
            {values.slice(0, mostShown).map(({ value, count }) => (
              <button key={value} type="button" title={`Look for ${field} ${value} alone`} onClick={() => onQuery(withTerm(query, field, value))}>
                <span className="mono">{value}</span>
                <span className="dim">{formatCount(count)}</span>
              </button>
            ))}
            {values.length > mostShown && <span className="dim">{`and ${formatCount(values.length - mostShown)} more`}</span>}
          </fieldset>
        ))}
      </div>
      <SearchResults environmentId={environmentId} rows={found.rows} onOpen={onClose} />
    </section>
  );
}
