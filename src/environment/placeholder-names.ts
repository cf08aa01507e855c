import type { Environment } from './schema.ts';

/** How a placeholder is written: `${NAME}`. */
export const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The `${NAME}` names that an environment needs, each once, in order of appearance. */
export function placeholderNames(environment: Environment): string[] {
  const names = new Set<string>();
  mapTexts(environment, (text) => {
    for (const match of text.matchAll(placeholder)) if (match[1] !== undefined) names.add(match[1]);
    return text;
  });
  return [...names];
}

/** A copy of a JSON-like value with every text mapped; keys stay as they are. */
export function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, mapTexts(item, map)]),
  );
}
