import { useMemo } from 'react';
import { readableJson, splitJson } from './json-text.ts';
import './raw-text.css';

/** What came off the wire, as text and nothing else; JSON is set in lines and its names and values are told apart. */
export function RawText({ text }: { readonly text: string }) {
  const pieces = useMemo(() => {
    const json = readableJson(text);
    return json === undefined ? undefined : splitJson(json);
  }, [text]);
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="raw-text mono" tabIndex={0} aria-label="Raw payload">
      {pieces === undefined
        ? text
        : pieces.map(({ at, kind, text: piece }) =>
            kind === 'plain' ? (
              piece
            ) : (
              <span key={at} className={`json-${kind}`}>
                {piece}
              </span>
            ),
          )}
    </pre>
  );
}
