import { err, ok, type Result } from '#base/result.ts';
import { fillPlaceholders } from '#environment/placeholders.ts';
import type { Environment } from '#environment/schema.ts';
import type { Problem } from './snapshot.ts';

/** The environment of that id with its `${NAME}` placeholders filled in; or what stands in the way. */
export function chooseEnvironment(environments: readonly Environment[], id: string, values: Readonly<Record<string, string>>): Result<Environment, Problem> {
  const environment = environments.find((each) => each.id === id);
  if (environment === undefined) {
    return err({ reason: 'unknown-environment', message: `There is no environment "${id}" in the environments file.`, remedy: 'Choose one of those that are listed.' });
  }
  const known = new Map(Object.entries(values));
  const filled = fillPlaceholders(environment, (name) => known.get(name));
  if (filled.ok) return ok(filled.value);
  const { error } = filled;
  if (error.reason === 'missing-names') {
    return err({ reason: 'missing-values', message: `${environment.name} needs values for ${error.names.join(', ')}.`, remedy: 'Enter them; they are kept in memory only.' });
  }
  const faults = error.faults.map((fault) => `${fault.path}: found ${fault.found}, expected ${fault.expected}`).join('. ');
  return err({ reason: 'invalid-values', message: faults, remedy: 'Enter other values, or mend the environments file.' });
}
