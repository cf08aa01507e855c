import { err, ok, type Result } from '#base/result.ts';
import { faultsOf, type ConfigFault } from './environments-file.ts';
import { environmentSchema, type Environment } from './schema.ts';

const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The `${NAME}` names that an environment needs, each once, in order of appearance. */
export function placeholderNames(environment: Environment): string[] {
  const names = new Set<string>();
  mapTexts(environment, (text) => {
    for (const match of text.matchAll(placeholder)) if (match[1] !== undefined) names.add(match[1]);
    return text;
  });
  return [...names];
}

/** Why an environment cannot be used as it stands. */
export type FillFailure =
  | { readonly reason: 'missing-names'; readonly names: readonly string[] }
  /** With the values put in, the environment is no longer valid. */
  | { readonly reason: 'invalid'; readonly faults: readonly ConfigFault[] };

/** Puts values in the place of an environment's `${NAME}` placeholders; all names that have none are reported at once. */
export function fillPlaceholders(environment: Environment, valueOf: (name: string) => string | undefined): Result<Environment, FillFailure> {
  const missing = placeholderNames(environment).filter((name) => (valueOf(name) ?? '') === '');
  if (missing.length > 0) return err({ reason: 'missing-names', names: missing });
  const filled = mapTexts(environment, (text) => text.replace(placeholder, (whole, name: string) => valueOf(name) ?? whole));
  const parsed = environmentSchema.safeParse(filled);
  return parsed.success ? ok(parsed.data) : err({ reason: 'invalid', faults: faultsOf(parsed.error, filled) });
}

/** A copy of a JSON-like value with every text mapped; keys stay as they are. */
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, mapTexts(item, map)]),
  );
}
