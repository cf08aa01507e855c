import { useSyncExternalStore } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';

/** What the page shows, as its address says it: a link shows another person the same. Times are absolute. */
export interface PageQuery {
  readonly view: string | undefined;
  readonly env: string | undefined;
  readonly run: string | undefined;
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
  readonly filter: string | undefined;
  readonly show: string | undefined;
  readonly compare: string | undefined;
  readonly theme: 'dark' | 'light' | undefined;
}
/** True of the `env` of a capture that was opened; an environment of a file has no colon in its id. */
export const isCaptureId = (env: string | undefined): env is string => env?.startsWith('capture:') === true;

/** `undefined` takes a field out of the address. */
export type PageQueryChange = { readonly [Field in keyof PageQuery]?: PageQuery[Field] | undefined };

/** Reads a query string; what it does not say, or says wrongly, is `undefined`. */
export function parseQuery(search: string): PageQuery {
  const fields = new URLSearchParams(search);
  const text = (name: string): string | undefined => fields.get(name) || undefined;
  const theme = text('theme');
  return {
    view: text('view'),
    env: text('env'),
    run: text('run'),
    from: parseTime(text('from')),
    to: parseTime(text('to')),
    filter: text('filter'),
    show: text('show'),
    compare: text('compare'),
    theme: theme === 'dark' || theme === 'light' ? theme : undefined,
  };
}

function parseTime(text: string | undefined): EpochMs | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isFinite(at) ? epochMs(at) : undefined;
}

/** The query string with some fields changed; fields that this page does not know stay. */
export function changeQuery(search: string, change: PageQueryChange): string {
  const fields = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) fields.delete(name);
    else fields.set(name, typeof value === 'number' ? new Date(value).toISOString() : value);
  }
  const text = fields.toString();
  return text === '' ? '' : `?${text}`;
}

const listeners = new Set<() => void>();
let current: { readonly search: string; readonly query: PageQuery } | undefined;

/** The address as it is now; the same object as long as the address is the same. */
function readQuery(): PageQuery {
  const { search } = window.location;
  if (current?.search !== search) current = { search, query: parseQuery(search) };
  return current.query;
}

/** Changes the address without loading a page. `replace` keeps the step out of the browser's history. */
export function navigate(change: PageQueryChange, how: 'push' | 'replace' = 'push'): void {
  const { pathname, search, hash } = window.location;
  const next = changeQuery(search, change);
  if (next === search) return;
  window.history[how === 'push' ? 'pushState' : 'replaceState'](null, '', `${pathname}${next}${hash}`);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

export const useQueryState = (): PageQuery => useSyncExternalStore(subscribe, readQuery);
