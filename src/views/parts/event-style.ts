/** The silhouettes of visual.md's events: hollow is called, filled has come back. */
export type GlyphShape = 'triangle' | 'disc' | 'hollow-square' | 'square' | 'diamond' | 'cross' | 'hexagon';

export interface EventStyle {
  readonly shape: GlyphShape;
  /** Name of the CSS variable that holds its colour. */
  readonly colour: `--ev-${string}`;
  /** Spells a run in text: `STERC`. */
  readonly letter: string;
  readonly reading: string;
}

const other: EventStyle = { shape: 'hexagon', colour: '--ev-other', letter: '?', reading: 'listed, required by nobody' };

const styles: ReadonlyMap<string, EventStyle> = new Map([
  ['agent_started', { shape: 'triangle', colour: '--ev-started', letter: 'S', reading: 'run begins' }],
  ['agent_thinking', { shape: 'disc', colour: '--ev-thinking', letter: 'T', reading: 'works' }],
  ['tool_executing', { shape: 'hollow-square', colour: '--ev-executing', letter: 'E', reading: 'tool is called, hollow until it returns' }],
  ['tool_completed', { shape: 'square', colour: '--ev-completed', letter: 'R', reading: 'tool came back, filled' }],
  ['agent_completed', { shape: 'diamond', colour: '--ev-answer', letter: 'C', reading: 'answer is there' }],
  ['agent_error', { shape: 'cross', colour: '--ev-error', letter: 'X', reading: 'run failed' }],
]);

/** The event types that have a shape of their own, in the order of a run. */
export const knownTypes: readonly string[] = [...styles.keys()];

/** How an event of this type is drawn; any type without a shape of its own is a hollow hexagon. */
export const eventStyle = (type: string): EventStyle => styles.get(type) ?? other;

/** Sorts types in the order of a run, unknown ones last and by name. */
export function byRunOrder(left: string, right: string): number {
  const place = (type: string): number => {
    const index = knownTypes.indexOf(type);
    return index < 0 ? knownTypes.length : index;
  };
  return place(left) - place(right) || (left < right ? -1 : left > right ? 1 : 0);
}

/** Outlines on a 12 × 12 field around 0,0, as SVG path data; the canvas uses the same ones. */
export const glyphPaths: Readonly<Record<GlyphShape, string>> = {
  triangle: 'M-3.4-4.6 4.8 0-3.4 4.6Z',
  disc: 'M-4.1 0a4.1 4.1 0 1 0 8.2 0a4.1 4.1 0 1 0-8.2 0Z',
  'hollow-square': 'M-3.4-3.4H3.4V3.4H-3.4Z',
  square: 'M-4.1-4.1H4.1V4.1H-4.1Z',
  diamond: 'M0-5.5 5.5 0 0 5.5-5.5 0Z',
  cross: 'M-3.6-3.6 3.6 3.6M3.6-3.6-3.6 3.6',
  hexagon: 'M-4.6 0-2.3-4 2.3-4 4.6 0 2.3 4-2.3 4Z',
};

/** Line widths of the shapes that are drawn by their outline; the others are filled. */
export const glyphStrokes: Readonly<Partial<Record<GlyphShape, number>>> = { 'hollow-square': 1.7, cross: 2.4, hexagon: 1.5 };
