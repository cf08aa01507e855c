import { useMemo } from 'react';
import { useKeys } from '#views/parts/use-keys.ts';
import type { RangeControls } from './use-range.ts';

/** The keys that move and zoom the stretch of time, the same in every view that shows it. */
export function useRangeKeys(controls: RangeControls): void {
  useKeys(
    useMemo(
      () => ({
        '+': () => controls.zoom('in'),
        '-': () => controls.zoom('out'),
        '0': () => controls.zoom('fit'),
        w: () => controls.zoom('in'),
        s: () => controls.zoom('out'),
        a: () => controls.pan(-1),
        d: () => controls.pan(1),
        ArrowLeft: () => controls.pan(-1),
        ArrowRight: () => controls.pan(1),
      }),
      [controls],
    ),
  );
}
