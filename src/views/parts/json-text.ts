/** Longer texts are shown as they came: to set them in lines would cost more than it helps. */
const longestSet = 16_384;

export interface JsonPiece {
  /** Where it begins in the text. */
  readonly at: number;
  readonly kind: 'plain' | 'name' | 'string' | 'value';
  readonly text: string;
}

/** The same JSON with a line per field; `undefined` where the text is long or is no JSON object or list. */
export function readableJson(text: string): string | undefined {
  if (text.length > longestSet) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes JSON text apart into names, strings, other values, and what stands between; put together again they are the text. */
export function splitJson(json: string): JsonPiece[] {
  const pieces: JsonPiece[] = [];
  let end = 0;
  for (const match of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g)) {
    if (match.index > end) pieces.push({ at: end, kind: 'plain', text: json.slice(end, match.index) });
    const [whole, quoted, colon] = match;
    if (quoted === undefined) pieces.push({ at: match.index, kind: 'value', text: whole });
    else {
      pieces.push({ at: match.index, kind: colon === undefined ? 'string' : 'name', text: quoted });
      if (colon !== undefined) pieces.push({ at: match.index + quoted.length, kind: 'plain', text: colon });
    }
    end = match.index + whole.length;
  }
  if (end < json.length) pieces.push({ at: end, kind: 'plain', text: json.slice(end) });
  return pieces;
}
