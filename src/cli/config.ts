import { readFile } from 'node:fs/promises';
import { parseEnvironments, type ConfigFault } from '#environment/environments-file.ts';
import { fillPlaceholders } from '#environment/placeholders.ts';
import type { Environment } from '#environment/schema.ts';
import { UsageError } from './usage.ts';

/**
 * The environment that a command is for, with its placeholders filled from the process's environment variables.
 * @throws UsageError that lists every fault of the file, or every missing variable
 */
export async function loadEnvironment(file: string, id: string | undefined): Promise<Environment> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the environments file ${file} (${codeOf(error)}). Name another one with --config.`);
  }
  const parsed = parseEnvironments(text);
  if (!parsed.ok) throw new UsageError(`${file} is not a valid environments file:\n${faultLines(parsed.error)}`);
  const chosen = id === undefined ? parsed.value[0] : parsed.value.find((environment) => environment.id === id);
  if (chosen === undefined) {
    const known = parsed.value.map((environment) => environment.id).join(', ');
    throw new UsageError(`${file} has no environment ${JSON.stringify(id)}. It has: ${known}.`);
  }
  const filled = fillPlaceholders(chosen, (name) => process.env[name]);
  if (filled.ok) return filled.value;
  if (filled.error.reason === 'missing-names') {
    throw new UsageError(`Environment "${chosen.id}" needs these environment variables, which are not set: ${filled.error.names.join(', ')}.`);
  }
  throw new UsageError(`With its variables filled in, environment "${chosen.id}" is not valid:\n${faultLines(filled.error.faults)}`);
}

const faultLines = (faults: readonly ConfigFault[]): string =>
  faults.map((fault) => `  ${fault.path}: found ${fault.found}, expected ${fault.expected}`).join('\n');

export const codeOf = (error: unknown): string => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : error instanceof Error ? error.message : String(error);
};
