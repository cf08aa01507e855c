import { eventStyle } from '#views/parts/event-style.ts';

/** The colours of the theme, read from CSS once per theme and not once per mark. */
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
  readonly event: (type: string) => string;
}

export function readPalette(element: Element): TimelinePalette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const events = new Map<string, string>();
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
    event: (type) => {
      const { colour } = eventStyle(type);
      const known = events.get(colour);
      if (known !== undefined) return known;
      const paint = read(colour);
      events.set(colour, paint);
      return paint;
    },
  };
}
