import type { JsonValue } from '#base/json.ts';
import { parseEnvironments, type ConfigFault } from './environments-file.ts';
import { scanJson } from './json-scan.ts';
import { literalSecrets } from './literal-secrets.ts';
import { placeholderNames } from './placeholder-names.ts';

/** A fault with its line in the text, from 1: that of the value, or of the nearest one around it that is there. */
export interface PlacedFault extends ConfigFault {
  readonly line: number;
}

/** What can be said of the text of an environments file before anything is started from it. */
export interface FileCheck {
  /** None: the file could be put in use. */
  readonly faults: readonly PlacedFault[];
  /** What looks like a secret that is written out. */
  readonly secrets: readonly { readonly path: string; readonly line: number }[];
  /** The `${NAME}` values that its environments ask for; known of a file without faults. */
  readonly names: readonly string[];
  /** How many environments it has; 0 of a file with faults. */
  readonly environments: number;
}

/** Checks a text that somebody writes, and says for everything in which line it stands. */
export function checkFile(text: string): FileCheck {
  const parsed = parseEnvironments(text);
  const notJsonAt = scanJson(text, () => undefined);
  if (notJsonAt !== undefined) {
    const { line, column } = placeOf(text, notJsonAt);
    const faults = parsed.ok ? [] : parsed.error;
    return { ...nothing, faults: faults.map((fault) => ({ ...fault, found: `text that is not JSON, at line ${line}, column ${column}`, line })) };
  }
  const content: JsonValue = JSON.parse(text);
  const secrets = literalSecrets(content);
  const faults = parsed.ok ? [] : parsed.error;
  const lineOf = linesOf(text, [...secrets, ...faults.map(({ path }) => path)]);
  const placed = { faults: faults.map((fault) => ({ ...fault, line: lineOf(fault.path) })), secrets: secrets.map((path) => ({ path, line: lineOf(path) })) };
  if (!parsed.ok) return { ...nothing, ...placed };
  return { ...placed, names: [...new Set(parsed.value.flatMap(placeholderNames))], environments: parsed.value.length };
}

const nothing: FileCheck = { faults: [], secrets: [], names: [], environments: 0 };

/** The lines of some paths; a path that is not there has the line of what it is missing in. */
function linesOf(text: string, paths: readonly string[]): (path: string) => number {
  const wanted = new Map<string, number | undefined>();
  for (const path of paths) for (const around of pathsAround(path)) wanted.set(around, undefined);
  scanJson(text, (path, offset) => {
    // Of a field that is there twice the last one holds.
    if (wanted.has(path)) wanted.set(path, offset);
  });
  return (path) => {
    const offset = pathsAround(path).map((around) => wanted.get(around)).find((each) => each !== undefined);
    return placeOf(text, offset ?? 0).line;
  };
}

/** The path itself, then what it stands in, step by step. */
function pathsAround(path: string): string[] {
  const around: string[] = [];
  for (let end = path.length; end > 0; end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1))) around.push(path.slice(0, end));
  return around;
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
