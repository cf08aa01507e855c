/**
 * The guard of the guards: plants every import, global and platform call that the architecture forbids into a
 * temporary copy, and demands that the linter and the pure type check report each of them, and none that is allowed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = process.cwd();
const WEB_VIEWS = ['live', 'triage', 'parts'];
const PROBE_LIMIT_MS = 60_000;

interface Room {
  readonly name: string;
  readonly pure: boolean;
  readonly rooms: readonly string[];
  readonly typesOf: readonly string[];
  readonly packages: readonly string[];
  /** Packages that only its `*.node.ts` files may import. */
  readonly nodePackages: readonly string[];
}

/** The rooms table of ARCHITECTURE.md: what people read is what is tested. */
function roomsTable(): readonly Room[] {
  const rows = readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^\| `(\w+)\/`(\*?) \|[^|]*\|([^|]*)\|([^|]*)\|$/gm);
  return [...rows].map(([, name = '', star, rooms = '', packages = '']) => {
    const listed = rooms.split(',').map((text) => text.trim()).filter(Boolean);
    const named = [...packages.matchAll(/`([^`]+)`( \(in `\*\.node\.ts`\))?/g)];
    return {
      name,
      pure: star === '*',
      rooms: listed.filter((room) => !room.endsWith(' (types)')),
      typesOf: listed.filter((room) => room.endsWith(' (types)')).map((room) => room.replace(' (types)', '')),
      packages: named.filter(([, , only]) => only === undefined).map(([, name = '']) => name),
      nodePackages: named.filter(([, , only]) => only !== undefined).map(([, name = '']) => name),
    };
  });
}

const rooms = roomsTable();
const pureRooms = rooms.filter((room) => room.pure).map((room) => room.name);

const importRule = z.tuple([z.literal('error'), z.object({ patterns: z.array(z.object({ group: z.array(z.string()).optional(), regex: z.string().optional(), allowTypeImports: z.boolean().optional() })) })]);
const lintConfig = z.looseObject({
  options: z.object({ typeAware: z.literal(true), denyWarnings: z.literal(true), reportUnusedDisableDirectives: z.literal('error') }),
  overrides: z.array(z.looseObject({ files: z.array(z.string()), rules: z.looseObject({ 'no-restricted-imports': importRule.optional() }) })),
});
/** The linter allows comment lines in its JSON. */
const config = lintConfig.parse(JSON.parse(readFileSync('.oxlintrc.json', 'utf8').replace(/^\s*\/\/.*$/gm, '')));

/** What the linter's override for these files lets through. */
function allowedBy(files: string): { rooms: string[]; typesOf: string[]; packages: string[]; own: string[] } {
  const rule = config.overrides.find((override) => override.rules['no-restricted-imports'] !== undefined && override.files.includes(files))?.rules['no-restricted-imports'];
  const patterns = rule?.[1].patterns ?? [];
  const [everything, ...exceptions] = patterns.at(-1)?.group ?? [];
  if (everything !== '*') throw new Error(`${files} has no rule that starts by refusing everything`);
  const names = exceptions.map((exception) => exception.replace(/^!/, ''));
  const typesOf = patterns.slice(0, -1).flatMap(({ regex, allowTypeImports }) => (allowTypeImports === true ? (/^\^#(\w+)\/$/.exec(regex ?? '')?.[1] ?? []) : []));
  return {
    rooms: names.flatMap((name) => /^#(\w+)\/\*\*$/.exec(name)?.[1] ?? []).filter((name) => name !== 'views' && !typesOf.includes(name)),
    typesOf,
    own: names.filter((name) => name === './**' || name.startsWith('#views/')),
    packages: [...new Set(names.filter((name) => !/^[.#]/.test(name)).map((name) => name.replace(/^(\w[^/]*)\/\*\*$/, '$1').replace(/^(@[\w-]+)\/\*\*$/, '$1/*')))],
  };
}

describe('the rooms table of ARCHITECTURE.md', () => {
  test('names the folders of src/, and each has a README', () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    expect(rooms.map((room) => room.name).toSorted()).toEqual(folders.toSorted());
    expect(folders.filter((folder) => !existsSync(`src/${folder}/README.md`))).toEqual([]);
  });

  test('is the order of the map in src/README.md', () => {
    const map = [...readFileSync('src/README.md', 'utf8').matchAll(/\[`(\w+)\/`\]\(\w+\)(\*?)/g)];
    expect(map.map(([, name, star]) => `${name}${star}`)).toEqual(rooms.map((room) => `${room.name}${room.pure ? '*' : ''}`));
  });

  const rules = rooms.flatMap(({ name, rooms, typesOf, packages, nodePackages }) => {
    const row = { rooms, typesOf, packages, own: ['./**'] };
    if (name === 'views') return [{ files: 'src/views/*.tsx', row: { ...row, own: ['./**', '#views/**'] } }, { files: 'src/views/*/**', row: { ...row, own: ['./**', '#views/parts/**'] } }];
    const inNode = { files: `src/${name}/**/*.node.ts`, row: { ...row, packages: [...packages, ...nodePackages] } };
    return [{ files: `src/${name}/**`, row }, ...(nodePackages.length > 0 ? [inNode] : [])];
  });
  test.for(rules)('equals the rule of the linter for $files', ({ files, row }) => {
    expect(allowedBy(files)).toEqual(row);
  });

  test('points imports up the list', () => {
    const order = rooms.map((room) => room.name);
    const downward = rooms.flatMap((room) => room.rooms.filter((other) => order.indexOf(other) > order.indexOf(room.name)).map((other) => `${room.name} → ${other}`));
    // A connection asks its dialect what to send, and the dialect sits after it only because the data do.
    expect(downward).toEqual(['connection → protocol']);
  });
});

let copy = '';
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'runwatch-architecture-'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function plant(file: string, text: string): void {
  const path = join(copy, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const lintReport = z.object({ diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })) });

/** The planted files of `folder` that a rule reports, by the project's own settings; types are not needed for these rules. */
function reported(folder: string, rule: string): ReadonlySet<string> {
  plant('.oxlintrc.json', JSON.stringify({ ...config, options: {}, $schema: undefined }));
  const run = spawnSync(resolve(ROOT, 'node_modules/.bin/oxlint'), ['-f', 'json', folder], { cwd: copy, encoding: 'utf8', maxBuffer: 1e9 });
  const { diagnostics } = lintReport.parse(JSON.parse(run.stdout));
  return new Set(diagnostics.filter((diagnostic) => diagnostic.code?.includes(`(${rule})`)).map((diagnostic) => diagnostic.filename));
}

/** Where what was reported differs from what had to be, by name: a list of surprises says more than a count. */
function surprises(expected: ReadonlyMap<string, boolean>, found: ReadonlySet<string>): { letThrough: string[]; falseAlarms: string[] } {
  const files = (wanted: boolean): string[] => [...expected].filter(([file, forbidden]) => forbidden === wanted && found.has(file) !== wanted).map(([file]) => file);
  return { letThrough: files(true), falseAlarms: files(false) };
}
const NO_SURPRISE = { letThrough: [], falseAlarms: [] };

/** A folder with rules of its own, and the room whose row it follows. */
const places = rooms.flatMap((room) => (room.name === 'views' ? WEB_VIEWS.map((view) => ({ path: `views/${view}`, room })) : [{ path: room.name, room }]));

const KINDS = {
  static: (from: string) => `import { probe } from '${from}';\nexport const p = probe;\n`,
  type: (from: string) => `import type { Probe } from '${from}';\nexport type P = Probe;\n`,
  dynamic: (from: string) => `export const p = () => import('${from}');\n`,
  reexport: (from: string) => `export { probe } from '${from}';\n`,
  effect: (from: string) => `import '${from}';\n`,
} as const;

describe('the linter', () => {
  test('refuses every import that the table does not name, of every kind, and lets all others through', { timeout: PROBE_LIMIT_MS }, () => {
    const expected = new Map<string, boolean>();
    const probe = (file: string, text: string, forbidden: boolean): void => {
      plant(`src/${file}`, text);
      expected.set(`src/${file}`, forbidden);
    };
    for (const { path } of places) plant(`src/${path}/probe.ts`, 'export const probe = 1;\nexport type Probe = number;\n');
    for (const { path: from, room } of places) {
      probe(`${from}/own.ts`, KINDS.static('./probe.ts'), false);
      for (const { path: to, room: other } of places) {
        if (from === to) continue;
        const name = `${from}/to-${to.replace('/', '-')}`;
        for (const [kind, text] of Object.entries(KINDS)) {
          const allowed = other.name === 'views' ? room.name === 'views' && to === 'views/parts' : room.rooms.includes(other.name) || (kind === 'type' && room.typesOf.includes(other.name));
          probe(`${name}-${kind}.ts`, text(`#${to}/probe.ts`), !allowed);
        }
        probe(`${name}-relative.ts`, KINDS.static(posix.relative(`src/${from}`, `src/${to}/probe.ts`)), true);
      }
      for (const name of ['react', 'react-dom/client', 'recharts', '@tanstack/react-query', 'zod', 'zod/mini', 'socket.io', 'socket.io-client', 'ws', 'node:fs', 'node:fs/promises', 'fs', 'lodash']) {
        const allows = (allowed: string): boolean => name === allowed || name === `${allowed}/client` || (allowed.endsWith('*') && name.startsWith(allowed.slice(0, -1)));
        for (const [kind, text] of Object.entries(KINDS)) {
          probe(`${from}/package-${name.replace(/\W/g, '-')}-${kind}.ts`, text(name), !room.packages.some(allows));
          if (room.nodePackages.length > 0) probe(`${from}/package-${name.replace(/\W/g, '-')}-${kind}.node.ts`, text(name), ![...room.packages, ...room.nodePackages].some(allows));
        }
      }
    }
    expect([...expected.values()].filter(Boolean).length).toBeGreaterThan(1000);
    expect([...expected.values()].filter((forbidden) => !forbidden).length).toBeGreaterThan(200);
    expect(surprises(expected, reported('src', 'no-restricted-imports'))).toEqual(NO_SURPRISE);
  });

  test.for([
    { rule: 'no-restricted-globals', text: "export const p = new WebSocket('ws://127.0.0.1');\n", allowed: (path: string) => path === 'connection' },
    { rule: 'no-restricted-globals', text: "export const p = new EventSource('/');\n", allowed: (path: string) => path === 'connection' },
    { rule: 'no-restricted-properties', text: "export const p = new globalThis.WebSocket('ws://127.0.0.1');\n", allowed: (path: string) => path === 'connection' },
    { rule: 'no-restricted-globals', text: "export const p = localStorage.getItem('x');\n", allowed: () => false },
    { rule: 'no-restricted-properties', text: "export const p = window.localStorage.getItem('x');\n", allowed: () => false },
    { rule: 'no-restricted-properties', text: 'export const p = Date.now();\n', allowed: (path: string) => !['connection', 'monitor', ...pureRooms].includes(path) },
    { rule: 'no-restricted-properties', text: 'export const p = performance.now();\n', allowed: (path: string) => !['connection', 'monitor', ...pureRooms].includes(path) },
    { rule: 'no-restricted-properties', text: 'export const p = Math.random();\n', allowed: (path: string) => !['connection', ...pureRooms].includes(path) },
    { rule: 'no-console', text: "console.log('x');\nexport {};\n", allowed: (path: string) => path === 'cli' || path === 'mock' },
  ])('refuses $text where it must, by $rule', { timeout: PROBE_LIMIT_MS }, ({ rule, text, allowed }, { task }) => {
    const folder = task.id.replace(/\W/g, '');
    const expected = new Map(places.map(({ path }) => [`src/${path}/${folder}.ts`, !allowed(path)]));
    for (const file of expected.keys()) plant(file, text);
    expect(surprises(expected, reported('src', rule))).toEqual(NO_SURPRISE);
  });

  test('leaves the two files that wrap a hazard alone', () => {
    plant('src/monitor/system-clock.ts', 'export const p = Date.now() + performance.now();\n');
    plant('src/views/parts/preferences.ts', "export const p = window.localStorage ?? localStorage.getItem('x');\n");
    const found = new Set([...reported('src', 'no-restricted-properties'), ...reported('src', 'no-restricted-globals')]);
    expect(found).not.toContain('src/monitor/system-clock.ts');
    expect(found).not.toContain('src/views/parts/preferences.ts');
  });
});

describe('the pure type check', () => {
  function typeCheck(planted?: string): { code: number | null; output: string } {
    const folder = join(copy, `pure-${planted === undefined ? 'as-it-is' : planted.replace(/\W/g, '')}`);
    mkdirSync(folder);
    for (const name of ['package.json', 'tsconfig.json', 'src']) cpSync(resolve(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(resolve(ROOT, 'node_modules'), join(folder, 'node_modules'));
    if (planted !== undefined) for (const room of pureRooms) writeFileSync(join(folder, `src/${room}/planted.ts`), `export const planted: unknown = ${planted};\n`);
    const run = spawnSync(resolve(ROOT, 'node_modules/.bin/tsc'), ['-p', 'src/tsconfig.pure.json'], { cwd: folder, encoding: 'utf8' });
    return { code: run.status, output: run.stdout };
  }

  test('passes as the rooms are', { timeout: PROBE_LIMIT_MS }, () => {
    expect(typeCheck()).toEqual({ code: 0, output: '' });
  });

  test.for(['document', 'setTimeout', 'process', 'performance', 'fetch', 'console'])('refuses %s in each pure room', { timeout: PROBE_LIMIT_MS }, (name) => {
    const { code, output } = typeCheck(name);
    expect(code).not.toBe(0);
    for (const room of pureRooms) expect(output).toContain(`${room}/planted.ts`);
  });
});
