import { eventStyle, glyphPaths, glyphStrokes } from './event-style.ts';
import './glyph.css';

interface GlyphProps {
  readonly type: string;
  /** Expected and never came: the same shape, dashed, vermillion. */
  readonly missing?: boolean;
  readonly duplicate?: boolean;
  /** Shown to another user. */
  readonly leaked?: boolean;
  /** Edge length in px. */
  readonly size?: number;
}

/** The mark of an event type. It never stands alone: the type's name is beside it. */
export function Glyph({ type, missing = false, duplicate = false, leaked = false, size = 12 }: GlyphProps) {
  const { shape, colour } = eventStyle(type);
  const paint = `var(${colour})`;
  const stroke = glyphStrokes[shape];
  return (
    <svg className="glyph" width={size} height={size} viewBox={duplicate || leaked ? '-8 -8 16 16' : '-6 -6 12 12'} aria-hidden="true">
      {(duplicate || leaked) && <circle className={leaked ? 'glyph-ring is-leak' : 'glyph-ring'} r="6.6" />}
      {missing ? (
        <path className="glyph-missing" d={glyphPaths[shape]} />
      ) : stroke === undefined ? (
        <path d={glyphPaths[shape]} fill={paint} />
      ) : (
        <path d={glyphPaths[shape]} fill="none" stroke={paint} strokeWidth={stroke} strokeLinecap={shape === 'cross' ? 'round' : 'butt'} />
      )}
    </svg>
  );
}
