import { ImportZone } from './parts/captures/import-zone.tsx';
import { useViewKeys } from './use-view-keys.ts';

/** What works on the whole page, whatever it shows: keys that lead to a view, and captures that are dropped or pasted. Loaded after the verdict is there. */
export function FrameTools() {
  useViewKeys();
  return <ImportZone />;
}
