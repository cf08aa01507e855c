/** What gets installed is what was looked at: exact versions, each with its checksum, for every platform, and nothing that runs at install time. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const versions = z.record(z.string(), z.string()).default({});
const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
      hasInstallScript: z.boolean().default(false),
      license: z.string().optional(),
      dev: z.boolean().default(false),
      devOptional: z.boolean().default(false),
      dependencies: versions,
      devDependencies: versions,
      optionalDependencies: versions,
    }),
  ),
});
const { packages } = lockfile.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
const manifest = z.object({ dependencies: versions, devDependencies: versions }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
const installed = Object.entries(packages).filter(([path]) => path !== '');

test('the lockfile belongs to package.json', () => {
  expect({ dependencies: packages['']?.dependencies, devDependencies: packages['']?.devDependencies }).toEqual(manifest);
});

test('what ships is this list; a new entry is a decision, not an accident', () => {
  expect(Object.keys(manifest.dependencies)).toEqual([
    '@fontsource-variable/inter',
    '@fontsource-variable/jetbrains-mono',
    '@tanstack/react-query',
    '@tanstack/react-virtual',
    'react',
    'react-dom',
    'recharts',
    'socket.io',
    'socket.io-client',
    'ws',
    'zod',
  ]);
});

test('versions are exact', () => {
  const inexact = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  expect(inexact).toEqual([]);
});

test('every package has a SHA-512 checksum', () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? '')).map(([path]) => path)).toEqual([]);
});

test('only esbuild has an install script, and .npmrc keeps even that from running', () => {
  expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual(['node_modules/esbuild']);
  expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
});

test('the binaries of every platform are locked: without them npm ci refuses the lockfile', () => {
  const locked = new Set(installed.map(([path]) => path.replace(/^.*node_modules\//, '')));
  const missing = installed.flatMap(([path, { optionalDependencies }]) => Object.keys(optionalDependencies).filter((name) => !locked.has(name)).map((name) => `${path} → ${name}`));
  expect(missing).toEqual([]);
});

test('what ships has a licence that asks for no more than a notice', () => {
  const allowed = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'OFL-1.1']);
  // Its package.json names the licence (MIT) in the old form, which npm does not copy.
  const checkedByHand = new Set(['node_modules/xmlhttprequest-ssl']);
  const shipped = installed.filter(([path, { dev, devOptional }]) => !dev && !devOptional && !checkedByHand.has(path));
  const refused = shipped.filter(([, { license = 'none' }]) => !license.split(' AND ').every((name) => allowed.has(name)));
  expect(shipped.length).toBeGreaterThan(20);
  expect(refused.map(([path, { license }]) => `${path}: ${license ?? 'none'}`)).toEqual([]);
});
