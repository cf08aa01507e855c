import { err, ok, type Result } from '#base/result.ts';
import { faultsOf, type ConfigFault } from './environments-file.ts';
import { mapTexts, placeholder, placeholderNames } from './placeholder-names.ts';
import { environmentSchema, type Environment } from './schema.ts';

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
