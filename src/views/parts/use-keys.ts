import { useEffect, useLayoutEffect, useRef } from 'react';
import { usePreference } from './preferences.ts';

type KeyTable = Readonly<Record<string, (() => void) | undefined>>;

const takesText = (element: Element): boolean => element.matches('input, textarea, select, [contenteditable="true"]');
const spaceTakers = 'button, a[href], summary, [role="button"]';

/**
 * Keys that work anywhere on the page, by the `key` of the keyboard event. They are silent while text is typed, and with
 * Ctrl, Alt or Meta, and in a dialog; keys of a single letter or sign can be switched off (WCAG 2.1.4). `table` has to keep its identity.
 * Space presses a button that was reached by keyboard. One that was clicked has the focus too, but nobody means it by Space.
 */
export function useKeys(table: KeyTable): void {
  const letters = usePreference('letterKeys') !== 'off';
  const newest = useRef(table);
  // What a key does changes with what is on the screen, and not some time after it: on a busy page effects come late.
  useLayoutEffect(() => {
    newest.current = table;
  }, [table]);
  useEffect(() => {
    let clicked: Element | null = null;
    const onPointer = ({ target }: PointerEvent): void => {
      clicked = target instanceof Element ? target.closest(spaceTakers) : null;
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Tab') clicked = null;
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      const action = Object.hasOwn(newest.current, event.key) ? newest.current[event.key] : undefined;
      if (action === undefined) return;
      if (event.key.length === 1 && event.key !== ' ' && !letters) return;
      const target = event.target instanceof Element ? event.target : undefined;
      // What lies over the page has keys of its own: its Esc closes nothing below it.
      if (target !== undefined && target.closest('dialog[open]') !== null) return;
      if (target !== undefined && (takesText(target) || (event.key === ' ' && target.matches(spaceTakers) && target !== clicked))) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('pointerdown', onPointer);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', onPointer);
      document.removeEventListener('keydown', onKey);
    };
  }, [letters]);
}
