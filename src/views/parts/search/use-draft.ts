import { useCallback, useEffect, useRef, useState } from 'react';
import { parseQuery } from '#monitor/query/query-parser.ts';
import type { QueryFault } from '#monitor/query/query-fault.ts';
import { navigate, useQueryState } from '#views/parts/url-state.ts';

/** Whoever rests this long has written what they meant. */
const settledMs = 300;

export interface Draft {
  readonly text: string;
  /** Why it is no query; the address keeps the one before. */
  readonly fault: QueryFault | undefined;
  /** Goes on writing; the address takes it over when the hand rests. */
  readonly write: (text: string) => void;
  /** The address takes it over at once. */
  readonly settle: (text: string) => void;
}

/** What is being written, in front of the query of the address. Another query that comes by the address replaces it. */
export function useDraft(): Draft {
  const { filter = '' } = useQueryState();
  const [written, setWritten] = useState({ over: filter, text: filter });
  const text = written.over === filter ? written.text : filter;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const settle = useCallback((next: string) => {
    clearTimeout(timer.current);
    const query = next.trim();
    if (!parseQuery(query).ok) return;
    setWritten({ over: query, text: next });
    navigate({ filter: query === '' ? undefined : query }, 'replace');
  }, []);
  const write = useCallback(
    (next: string) => {
      setWritten({ over: filter, text: next });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => settle(next), settledMs);
    },
    [filter, settle],
  );
  const parsed = parseQuery(text);
  return { text, fault: parsed.ok ? undefined : parsed.error, write, settle };
}
