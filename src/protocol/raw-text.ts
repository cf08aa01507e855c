import { maxDepth } from './gate.ts';

/** Whether an argument has bytes somewhere in it, no deeper than the gate looks. */
export function holdsBytes(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return false;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return true;
  return Object.values(value).some((item) => holdsBytes(item, depth + 1));
}

/**
 * JSON for a value that `JSON.stringify` overflows on or falsifies: an infinite number is written as one that reads as infinite again,
 * bytes as `null`, and what lies deeper than the gate looks as an empty list, so that the text fails the gate as its value did.
 */
export function rawText(value: unknown, depth = 0): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : value < 0 ? '-1e999' : '1e999';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return 'null';
  if (depth > maxDepth) return '[]';
  if (Array.isArray(value)) return `[${value.map((item) => rawText(item, depth + 1)).join(',')}]`;
  const fields = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${rawText(item, depth + 1)}`);
  return `{${fields.join(',')}}`;
}
