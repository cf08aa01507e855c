import { eventStyle, knownTypes } from '#views/parts/event-style.ts';

/** The colours of the theme, read from CSS once per theme; plain data, since the painter is another thread. */
export interface TimelinePalette {
  readonly surface: string;
  readonly grid: string;
  readonly lane: string;
  readonly run: string;
  readonly runLine: string;
  readonly text: string;
  readonly caption: string;
  readonly accent: string;
  readonly breach: string;
  readonly breachFill: string;
  readonly risk: string;
  readonly riskFill: string;
  readonly void: string;
  readonly hatch: string;
  readonly label: string;
  /** Bars of a density: of one hue, since they stand for all types together. */
  readonly density: string;
  readonly font: string;
  /** By the event style's variable. */
  readonly events: ReadonlyMap<string, string>;
}

export function readPalette(element: Element): TimelinePalette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    surface: read('--surface-1'),
    grid: read('--grid'),
    lane: read('--line-strong'),
    run: read('--run'),
    runLine: read('--run-line'),
    text: read('--text'),
    caption: read('--text-3'),
    accent: read('--accent'),
    breach: read('--breach-text'),
    breachFill: read('--breach-fill'),
    risk: read('--risk'),
    riskFill: read('--risk-fill'),
    void: read('--void'),
    hatch: read('--hatch'),
    label: read('--surface-3'),
    density: read('--series-2'),
    font: read('--font'),
    events: new Map([...knownTypes, ''].map((type) => [eventStyle(type).colour, read(eventStyle(type).colour)])),
  };
}

export const eventColour = (palette: TimelinePalette, type: string): string => palette.events.get(eventStyle(type).colour) ?? palette.caption;
