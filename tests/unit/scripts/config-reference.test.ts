import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseEnvironments } from '#environment/environments-file.ts';
import { placeholderNames } from '#environment/placeholder-names.ts';
import { environmentsFileSchema, type Environment } from '#environment/schema.ts';
import { configReference } from '../../../scripts/config-reference.ts';

const page = readFileSync(new URL('../../../docs/environments.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
/** Path, type, default and meaning of each row of the tables of fields. */
const rows = [...page.slice(page.indexOf('## Every field')).matchAll(/^\| `([^`]+)` \| (.+?) \| (.+?) \| (.+) \|$/gm)].map(([, path = '', type = '', otherwise = '', meaning = '']) => ({ path, type, otherwise, meaning }));

function parsed(environment: object): Environment {
  const result = parseEnvironments(JSON.stringify({ version: 1, environments: [environment] }));
  if (!result.ok || result.value[0] === undefined) throw new Error(JSON.stringify(result));
  return result.value[0];
}

const valueAt = (value: unknown, path: string): unknown => path.split('.').reduce((inner: unknown, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined), value);

/** The dotted path of every field below an environment, groups included. */
function pathsOf(schema: z.core.JSONSchema.BaseSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (typeof field === 'boolean') return [];
    const items = typeof field.items === 'object' && !Array.isArray(field.items) ? [field.items] : [];
    const alternatives = [...(field.oneOf ?? []), ...(field.anyOf ?? []), ...items].flatMap((each) => pathsOf(each, `${prefix}${name}.`));
    return [`${prefix}${name}`, ...pathsOf(field, `${prefix}${name}.`), ...alternatives];
  });
}

test('docs/environments.md is what the schema says now; if not: npm run docs', () => {
  expect(page).toBe(configReference());
});

describe('the examples', () => {
  test('are three, and each is a valid file', () => {
    expect(examples.length).toBe(3);
    for (const example of examples) {
      const result = parseEnvironments(example);
      expect(result, example).toMatchObject({ ok: true });
    }
  });

  test('keep their secrets out of the file', () => {
    const environments = examples.flatMap((example) => {
      const result = parseEnvironments(example);
      return result.ok ? result.value : [];
    });
    expect(environments.flatMap(placeholderNames)).toEqual(['CHAT_PASSWORD', 'STAGING_TOKEN', 'PRODUCTION_TOKEN']);
    expect(environments.map(({ id, mode }) => [id, mode])).toEqual([['local', 'probe'], ['chat', 'probe'], ['staging', 'probe'], ['production', 'observe']]);
  });

  test('would be found wrong if they were', () => {
    expect(parseEnvironments(examples[0]?.replace('"transport"', '"tranport"') ?? '').ok).toBe(false);
  });
});

describe('the tables', () => {
  const items = z.toJSONSchema(environmentsFileSchema, { io: 'input' }).properties?.['environments'];
  const environment = typeof items === 'object' && typeof items.items === 'object' && !Array.isArray(items.items) ? items.items : {};

  test('have a row for every field, with a type and a meaning', () => {
    const paths = new Set(pathsOf(environment, '').filter((path) => path !== 'auth.method'));
    expect(paths.size).toBeGreaterThan(45);
    expect(new Set(rows.map((row) => row.path).filter((path) => !['$schema', 'version', 'environments'].includes(path)))).toEqual(paths);
    for (const { path, type, meaning } of rows) {
      expect(type, path).not.toBe('');
      expect(meaning, path).toMatch(/^.{6,}\.$/);
    }
  });

  test('tell the defaults that a parsed file really has', () => {
    const plain = { id: 'a', eventsUrl: 'ws://localhost:1/ws', transport: 'websocket' };
    const least = parsed(plain);
    const login = parsed({ ...plain, auth: { method: 'login', path: 'http://localhost:1/login' } });
    const mapping = parsed({ ...plain, dialect: {}, mode: 'observe' });
    const withField = (path: string): Environment => (path.startsWith('auth.') ? login : path.startsWith('dialect.') ? mapping : least);
    const told = rows.filter((row) => row.otherwise.startsWith('`'));
    expect(told.length).toBeGreaterThan(30);
    for (const { path, otherwise } of told) expect(valueAt(withField(path), path), path).toEqual(JSON.parse(otherwise.slice(1, -1)));
  });

  test('mark what a file cannot do without', () => {
    const mapping = ['dialect.rules.when', 'dialect.rules.type', 'dialect.clock.ask', 'dialect.clock.answer', 'dialect.clock.at'];
    expect(rows.filter((row) => row.otherwise === '**needed**').map((row) => row.path)).toEqual(['version', 'environments', 'id', 'eventsUrl', 'transport', ...mapping, 'auth.token', 'auth.path']);
  });

  test('lead to the section of each group', () => {
    const anchors = rows.flatMap((row) => /\(#([a-z]+)\)/.exec(row.type)?.[1] ?? []);
    expect(anchors).toEqual(['socketio', 'dialect', 'health', 'auth', 'probe', 'contract', 'slo', 'dialectrules', 'dialectclock']);
    const sections = [...page.matchAll(/^### (\S+)$/gm)].map(([, title = '']) => title.replaceAll('.', ''));
    for (const anchor of anchors) expect(sections).toContain(anchor);
  });
});
