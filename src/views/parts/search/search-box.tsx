import { lazy, Suspense, useCallback, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { EpochMs } from '#base/units.ts';
import { queryLimits } from '#monitor/query/query.ts';
import { suggest, type Suggestion } from '#monitor/query/query-suggestions.ts';
import { Icon } from '#views/parts/icon.tsx';
import { gapWords, shownWords } from './search-words.ts';
import { useDraft } from './use-draft.ts';
import { useSearch, useStretch } from './use-search.ts';
import './search-box.css';

const SearchPanel = lazy(async () => ({ default: (await import('./search-panel.tsx')).SearchPanel }));

interface SearchBoxProps {
  readonly environmentId: string;
  /** The stretch of time that is searched, where it is not the one that the address names. */
  readonly from?: EpochMs;
  readonly to?: EpochMs;
}

/**
 * The query of the address, to be read and written. What does not match it is dimmed, not removed. Arrows go through what could be written
 * next, Enter or Tab takes it; the count opens the matches.
 */
export function SearchBox({ environmentId, from, to }: SearchBoxProps) {
  const id = useId();
  const { text, fault, write, settle } = useDraft();
  const [isFocused, setFocused] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLElement>(null);
  const named = useStretch();
  const stretch = useMemo(() => ({ from: from ?? named.from, to: to ?? named.to }), [from, to, named.from, named.to]);
  const isAsked = text.trim() !== '';
  const { found, isOld } = useSearch(environmentId, stretch, isAsked || isFocused || isOpen);
  const choice = useSuggestions(text, isFocused && text.length <= queryLimits.characters, found, input, write);
  const { suggestions, active } = choice;
  // As long as something fits that could be written next, the writer is told that, and not that it is missing.
  const isToldFault = fault !== undefined && suggestions.length === 0;
  const closePanel = useCallback(() => setOpen(false), []);
  useClickBeside(box, isOpen, closePanel);

  const onKey = (event: KeyboardEvent): void => {
    if (choice.onKey(event)) return;
    if (event.key === 'Enter') {
      settle(text);
      choice.hide();
    } else if (event.key === 'Escape') {
      if (suggestions.length > 0) choice.hide();
      else input.current?.blur();
    }
  };
  return (
    <search ref={box} className="search-box" aria-label="Events" data-asked={isAsked}>
      <div className="search-line" data-fault={fault !== undefined}>
        <label className="search-field">
          <Icon name="search" size={14} />
          <input
            ref={input}
            className="mono"
            role="combobox"
            aria-label="Search events"
            aria-keyshortcuts="/"
            aria-autocomplete="list"
            aria-expanded={suggestions.length > 0}
            aria-controls={`${id}list`}
            aria-activedescendant={active === undefined ? undefined : `${id}${active}`}
            aria-invalid={fault !== undefined}
            aria-describedby={isToldFault ? `${id}fault` : undefined}
            placeholder="type:tool_executing unpaired"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={text}
            onChange={(event) => {
              write(event.target.value);
              choice.show();
            }}
            onKeyDown={onKey}
            onKeyUp={choice.onCursor}
            onClick={choice.onCursor}
            onFocus={() => {
              setFocused(true);
              choice.show();
            }}
            onBlur={() => {
              setFocused(false);
              settle(text);
            }}
          />
        </label>
        {!isAsked && <kbd aria-hidden="true">/</kbd>}
        {isAsked && found !== undefined && fault === undefined && (
          <button type="button" className="search-count" aria-busy={isOld} aria-expanded={isOpen} aria-controls={`${id}panel`} title={gapWords(found)} onClick={() => setOpen(!isOpen)}>
            <span aria-live="polite">
              {shownWords(found)}
              {!found.complete && <span aria-hidden="true"> *</span>}
            </span>
            <Icon name="down" size={12} />
          </button>
        )}
        {isAsked && (
          <button
            type="button"
            className="search-clear"
            onClick={() => {
              settle('');
              setOpen(false);
              input.current?.focus();
            }}
          >
            <Icon name="close" size={14} />
            <span className="visually-hidden">Clear the search</span>
          </button>
        )}
      </div>
      <div className="search-drop">
        {isToldFault && (
          <p id={`${id}fault`} className="search-fault" role="status">
            {fault.message}
          </p>
        )}
        <div id={`${id}list`} className="search-list" role="listbox" tabIndex={-1} aria-label="What could be written next" hidden={suggestions.length === 0}>
          {suggestions.map((suggestion, index) => (
            // The keyboard acts in the input; pressing must not take the focus from it.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div key={suggestion.label} id={`${id}${index}`} role="option" tabIndex={-1} aria-selected={index === active} onPointerDown={(event) => event.preventDefault()} onClick={() => choice.take(suggestion)}>
              <span className="mono">{suggestion.label}</span>
              <span className="dim">{suggestion.hint}</span>
            </div>
          ))}
        </div>
      </div>
      <Suspense fallback={null}>
        {isOpen && found !== undefined && <SearchPanel id={`${id}panel`} environmentId={environmentId} query={text} found={found} onQuery={settle} onClose={closePanel} />}
      </Suspense>
    </search>
  );
}

/** What could go on at the cursor, and which of it is chosen. Hidden from a choice on until more is written. */
function useSuggestions(text: string, isWanted: boolean, source: Parameters<typeof suggest>[2], input: { readonly current: HTMLInputElement | null }, write: (text: string) => void) {
  const [isHidden, setHidden] = useState(true);
  const [cursor, setCursor] = useState(0);
  const [chosen, setChosen] = useState<number>();
  const suggestions = useMemo(() => (isWanted && !isHidden ? suggest(text, Math.min(cursor, text.length), source) : []), [isWanted, isHidden, text, cursor, source]);
  const active = chosen === undefined || chosen >= suggestions.length ? undefined : chosen;
  const onCursor = (): void => setCursor(input.current?.selectionStart ?? 0);
  const show = (): void => {
    onCursor();
    setHidden(false);
    setChosen(undefined);
  };
  const hide = (): void => {
    setHidden(true);
    setChosen(undefined);
  };
  const [moved, setMoved] = useState<{ readonly cursor: number }>();
  useEffect(() => {
    if (moved !== undefined) input.current?.setSelectionRange(moved.cursor, moved.cursor);
  }, [moved, input]);
  const take = (suggestion: Suggestion): void => {
    write(suggestion.text);
    setCursor(suggestion.cursor);
    setMoved({ cursor: suggestion.cursor });
    setChosen(undefined);
    // A field goes on with its values; after a whole term the reader looks at what it brings.
    setHidden(!suggestion.label.endsWith(':'));
  };
  /** True where the key was for the list. */
  const onKey = (event: KeyboardEvent): boolean => {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      if (suggestions.length === 0) show();
      else {
        const step = key === 'ArrowDown' ? 1 : -1;
        setChosen(active === undefined ? (step === 1 ? 0 : suggestions.length - 1) : (active + step + suggestions.length) % suggestions.length);
      }
      return true;
    }
    const suggestion = active === undefined ? undefined : suggestions[active];
    if ((key !== 'Enter' && key !== 'Tab') || suggestion === undefined) return false;
    event.preventDefault();
    take(suggestion);
    return true;
  };
  return { suggestions, active, onCursor, onKey, take, show, hide };
}

/** A click beside an open panel closes it. */
function useClickBeside(box: { readonly current: HTMLElement | null }, isOpen: boolean, close: () => void): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const onDown = ({ target }: PointerEvent): void => {
      if (target instanceof Node && box.current?.contains(target) !== true) close();
    };
    document.addEventListener('pointerdown', onDown);
    return () => document.removeEventListener('pointerdown', onDown);
  }, [box, isOpen, close]);
}
