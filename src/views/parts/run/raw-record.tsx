import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { formatPart } from '#views/parts/format.ts';
import { Icon } from '#views/parts/icon.tsx';
import { readableJson, splitJson, type JsonPiece } from '#views/parts/json-text.ts';
import { findAll, markPieces } from '#views/parts/text-search.ts';
import { useCopy } from '#views/parts/use-copy.ts';
import '#views/parts/raw-text.css';
import './raw-record.css';

const longestQuery = 200;
/** Marks on each side of the one that is looked at. */
const marksAround = 100;

/** What came off the wire, as text and nothing else, to be searched and copied. */
export function RawRecord({ text, label }: { readonly text: string; readonly label: string }) {
  const [query, setQuery] = useState('');
  const [wanted, setWanted] = useState(0);
  const { shown, pieces } = useMemo(() => shownOf(text), [text]);
  const matches = useMemo(() => findAll(shown, query), [shown, query]);
  const current = matches.length === 0 ? 0 : ((wanted % matches.length) + matches.length) % matches.length;
  const first = Math.max(0, current - marksAround);
  const marked = useMemo(() => markPieces(pieces, matches.slice(first, first + 2 * marksAround), first), [pieces, matches, first]);
  const copy = useCopy(useCallback(() => shown, [shown]));
  const currentMark = useRef<HTMLElement>(null);
  useEffect(() => {
    currentMark.current?.scrollIntoView({ block: 'nearest' });
  }, [current, query]);
  const step = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    setWanted(current + (event.shiftKey ? -1 : 1));
  };
  return (
    <div className="raw-record">
      <div className="raw-tools">
        <input
          type="search"
          aria-label="Search in this text"
          placeholder="search"
          maxLength={longestQuery}
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setWanted(0);
          }}
          onKeyDown={step}
        />
        <output className="raw-count">{query === '' ? '' : matches.length === 0 ? 'none' : formatPart(current + 1, matches.length)}</output>
        <button type="button" className="icon-button" title="Match before (Shift+Enter)" disabled={matches.length === 0} onClick={() => setWanted(current - 1)}>
          <span aria-hidden="true">↑</span>
          <span className="visually-hidden">Match before</span>
        </button>
        <button type="button" className="icon-button" title="Next match (Enter)" disabled={matches.length === 0} onClick={() => setWanted(current + 1)}>
          <span aria-hidden="true">↓</span>
          <span className="visually-hidden">Next match</span>
        </button>
        <button type="button" className="icon-button" title="Copy this text" onClick={copy.copy}>
          <Icon name="copy" size={13} />
          <span className="visually-hidden">Copy this text</span>
        </button>
        <span className="raw-said" aria-live="polite">
          {copy.said}
        </span>
      </div>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="raw-text mono" tabIndex={0} aria-label={label}>
        {marked.map(({ at, kind, match, text: piece }) =>
          match !== undefined ? (
            <mark key={at} ref={match === current ? currentMark : undefined} className={match === current ? 'is-current' : undefined}>
              {piece}
            </mark>
          ) : kind === 'plain' ? (
            piece
          ) : (
            <span key={at} className={`json-${kind}`}>
              {piece}
            </span>
          ),
        )}
      </pre>
    </div>
  );
}

/** JSON is set in lines, and its names and values are told apart; any other text is one piece. */
function shownOf(text: string): { readonly shown: string; readonly pieces: readonly JsonPiece[] } {
  const json = readableJson(text);
  return json === undefined ? { shown: text, pieces: [{ at: 0, kind: 'plain', text }] } : { shown: json, pieces: splitJson(json) };
}
