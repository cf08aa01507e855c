import { useMemo, useRef, type RefObject } from 'react';
import { numbered, type LineMark } from './line-numbers.ts';
import './code-area.css';

interface CodeAreaProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Lines, from 1, that something is said of. */
  readonly marks: ReadonlyMap<number, LineMark>;
  /** For `showLine`. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

/** As in the style sheet. */
const lineHeight = 18;

/** A text with its line numbers, to be changed by hand. Tab leaves it: whoever comes in by keyboard gets out again. */
export function CodeArea({ label, text, onChange, marks, field }: CodeAreaProps) {
  const gutter = useRef<HTMLDivElement>(null);
  const numbers = useMemo(() => numbered(text.split('\n').length, marks), [text, marks]);
  return (
    <div className="code-area mono">
      <div className="code-gutter" ref={gutter} aria-hidden="true">
        {numbers.map(({ line, mark, lines }) => (
          <span key={line} className={mark === undefined ? undefined : `code-${mark}`}>
            {lines}
          </span>
        ))}
      </div>
      <textarea
        ref={field}
        aria-label={label}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onScroll={({ currentTarget }) => gutter.current?.scrollTo({ top: currentTarget.scrollTop })}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
      />
    </div>
  );
}

/** Selects a line, and brings it into view. */
export function showLine(field: HTMLTextAreaElement, line: number): void {
  const lines = field.value.split('\n');
  const from = lines.slice(0, line - 1).reduce((length, each) => length + each.length + 1, 0);
  field.focus();
  field.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  field.scrollTo({ top: Math.max(0, (line - 4) * lineHeight), left: 0 });
}
