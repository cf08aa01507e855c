import type { EpochMs } from '#base/units.ts';
import type { Picture } from '#views/parts/paint-lag.ts';
import type { TimelineScene } from './timeline-canvas.ts';
import type { TimelineGeometry } from './timeline-geometry.ts';
import type { TimelinePalette } from './timeline-palette.ts';

/** What of the geometry changes with the size of the screen alone. */
export type TimelineFrame = Omit<TimelineGeometry, 'scrollTop' | 'endAt' | 'spanMs'>;
/** What of the scene the page knows; the rest the painter asks of the monitor. */
export type StillScene = Pick<TimelineScene, 'blinds' | 'hovered' | 'focused' | 'selected'>;

/** The clock by which is painted: the monitor's, or a capture's. */
export interface PainterClock {
  /** What it showed when this machine's, since the epoch, showed `machineAt`; both in milliseconds. */
  readonly at: EpochMs;
  readonly machineAt: number;
  /** Times as fast as this machine's it goes. */
  readonly rate: number;
}

/** All that the page tells the painter, anew with every change. */
export interface PainterView {
  readonly environmentId: string;
  /** The connections of the screen from top to bottom. */
  readonly ids: readonly string[];
  /** The monitor has other connections too. */
  readonly isPart: boolean;
  /** What does not match it is dimmed. */
  readonly query: string | null;
  readonly frame: TimelineFrame;
  /** Pixels of the device for one of CSS. */
  readonly pixelRatio: number;
  readonly spanMs: number;
  /** The right edge; null runs with the time. */
  readonly endAt: EpochMs | null;
  /** Where bars that still run end while the view stands still. */
  readonly frozenAt: EpochMs | null;
  readonly clock: PainterClock;
  /** Whoever asks for less motion gets a step a second. */
  readonly calm: boolean;
  readonly palette: TimelinePalette;
  readonly scene: StillScene;
}

/** Page → painter. */
export type ToPainter =
  | { readonly kind: 'start'; readonly canvas: OffscreenCanvas; readonly monitor: MessagePort }
  | { readonly kind: 'view'; readonly view: PainterView }
  | { readonly kind: 'scroll'; readonly top: number };

/** Painter → page, a few times a second: how long what came took to be painted, in milliseconds, and what each new picture took. */
export interface FromPainter {
  readonly lags: readonly number[];
  readonly pictures: readonly Picture[];
}
