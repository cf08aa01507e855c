import { useEffect } from 'react';
import { usePreference } from './preferences.ts';

type KeyTable = Readonly<Record<string, (() => void) | undefined>>;

const takesText = (element: Element): boolean => element.matches('input, textarea, select, [contenteditable="true"]');
const takesSpace = (element: Element): boolean => element.matches('button, a[href], summary, [role="button"]');

/**
 * Keys that work anywhere on the page, by the `key` of the keyboard event. They are silent while text is typed, and with
 * Ctrl, Alt or Meta; keys of a single letter or sign can be switched off (WCAG 2.1.4). `table` has to keep its identity.
 */
export function useKeys(table: KeyTable): void {
  const letters = usePreference('letterKeys') !== 'off';
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      const action = Object.hasOwn(table, event.key) ? table[event.key] : undefined;
      if (action === undefined) return;
      if (event.key.length === 1 && event.key !== ' ' && !letters) return;
      const target = event.target instanceof Element ? event.target : undefined;
      if (target !== undefined && (takesText(target) || (event.key === ' ' && takesSpace(target)))) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [table, letters]);
}
