import { expect, test } from 'vitest';
import { dialectNames } from '#environment/schema.ts';
import { canonical } from '#protocol/canonical.ts';
import { dialectOf } from '#protocol/dialects.ts';
import { netra } from '#protocol/netra.ts';

test('every dialect that an environment may name is there', () => {
  expect(dialectOf('canonical')).toBe(canonical);
  expect(dialectOf('netra')).toBe(netra);
  for (const name of dialectNames) expect(dialectOf(name)?.id).toBe(name);
});

test.each(['', 'Netra', 'toString', '__proto__'])('%j is none', (name) => {
  expect(dialectOf(name)).toBeUndefined();
});

test('a mapping is a dialect of its own', () => {
  expect(dialectOf({ type: 'kind', names: {}, control: [], rules: [], answers: {} })).toMatchObject({ id: 'mapping', greets: false, triggerTemplate: canonical.triggerTemplate });
});

test('each tells what it has a place for', () => {
  expect(Object.values(canonical.abilities)).toEqual(Array.from({ length: 7 }, () => true));
  expect(netra.abilities).toEqual({ ...canonical.abilities, seq: false });
});
