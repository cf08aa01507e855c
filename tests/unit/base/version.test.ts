import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { version } from '#base/version.ts';

test('is that of package.json', () => {
  const { version: wanted } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(version).toBe(wanted);
});
