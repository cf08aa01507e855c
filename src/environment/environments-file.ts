import type * as z from 'zod/mini';
import { err, ok, type Result } from '#base/result.ts';
import { environmentsFileSchema, type Environment } from './schema.ts';

/** One thing that is wrong with the environments file: where, what is there, and what should be. */
export interface ConfigFault {
  /** For example `environments[1].slo.target`; `(file)` where the text is no JSON at all. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/**
 * Reads an environments file.
 * @returns every environment with its defaults filled in and its `${NAME}` placeholders still in place, or every fault at once.
 */
export function parseEnvironments(text: string): Result<readonly Environment[], readonly ConfigFault[]> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return err([{ path: '(file)', found: notJson(error), expected: 'a JSON object {"version": 1, "environments": [ … ]}' }]);
  }
  const parsed = environmentsFileSchema.safeParse(content);
  return parsed.success ? ok(parsed.data.environments) : err(faultsOf(parsed.error, content));
}

function notJson(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Engines quote a piece of the text, which may hold a secret; the position alone is enough to find the place.
  const place = /line \d+ column \d+|position \d+/.exec(message)?.[0];
  return place === undefined ? 'text that is not JSON' : `text that is not JSON, at ${place}`;
}

/** The faults of a failed parse of `content`, a line for each place, in the order of the schema. */
export function faultsOf(error: z.core.$ZodError, content: unknown): ConfigFault[] {
  const faults = error.issues.flatMap((issue) => faultsOfIssue(issue, issue.path, content));
  // Of one value, what is said last knows the fields beside it too.
  return [...new Map(faults.map((fault) => [fault.path, fault])).values()];
}

function faultsOfIssue(issue: z.core.$ZodIssue, place: readonly PropertyKey[], content: unknown): ConfigFault[] {
  const path = pathText(place);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path === '(file)' ? key : `${path}.${key}`,
      found: 'a field that is not known here',
      expected: 'no such field; look for a misspelt name',
    }));
  }
  const found = foundText(valueAt(content, place), path);
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path, found, expected: expectedText(issue) }];
  // The alternative that was meant is the one of that kind of value; what is wrong in it is the fault.
  const meant = issue.errors.find((issues) => !issues.some(isOfAnotherKind));
  if (meant !== undefined) return meant.flatMap((inner) => faultsOfIssue(inner, [...place, ...inner.path], content));
  return [{ path, found, expected: issue.errors.flat().filter(isOfAnotherKind).map(expectedText).join(' or ') }];
}

const isOfAnotherKind = ({ path, code }: z.core.$ZodIssue): boolean => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || '(file)';
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined), content);
}

function foundText(input: unknown, path: string): string {
  if (input === undefined) return 'nothing';
  // A token or a password must not reach a screen or a log through an error message.
  if (/\.auth\b/.test(path) && !path.endsWith('.method') && !path.endsWith('.carry')) return kindOf(input);
  const text = JSON.stringify(input) ?? typeof input;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What kind of JSON value it is, without its content. */
function kindOf(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  return typeof input === 'object' ? 'an object' : `a ${typeof input}`;
}

function expectedText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `${issue.origin === 'number' || issue.origin === 'int' ? 'a number' : `a length of ${issue.origin}`} ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`;
    case 'too_big':
      return `${issue.origin === 'number' || issue.origin === 'int' ? 'a number' : `a length of ${issue.origin}`} ${issue.inclusive === false ? 'below' : 'of at most'} ${issue.maximum}`;
    case 'invalid_union':
      return 'a known method: "none", "token" or "login"';
    default:
      return issue.message.replace(/^expected /, '');
  }
}
