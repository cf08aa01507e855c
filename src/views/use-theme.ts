import { useCallback, useLayoutEffect } from 'react';
import { usePreference, writePreference } from './parts/preferences.ts';
import { navigate, useQueryState } from './parts/url-state.ts';

/** The theme: what the address says, else what was chosen on this machine, else dark. */
export function useTheme(): { readonly theme: 'dark' | 'light'; readonly toggle: () => void } {
  const { theme: asked } = useQueryState();
  const chosen = usePreference('theme');
  const theme = asked ?? chosen ?? 'dark';
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const toggle = useCallback(() => {
    const next = theme === 'dark' ? 'light' : 'dark';
    writePreference('theme', next);
    // A theme in the address would win over the choice.
    navigate({ theme: undefined }, 'replace');
  }, [theme]);
  return { theme, toggle };
}
