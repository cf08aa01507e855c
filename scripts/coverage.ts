/**
 * One coverage of two runtimes. Vitest's report lists every statement of src/ with its hits in Node; to it are added
 * the statements that ran in the browser, found through the source maps of the built page.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { type Segment, segments } from './source-map.ts';

export const BROWSER_COVERAGE = 'coverage/browser';
const NODE_COVERAGE = 'coverage/node/coverage-final.json';
const DIST = 'dist';

const PURE_ROOMS = ['base', 'environment', 'record', 'protocol', 'runs', 'timing', 'slo', 'store'] as const;
const PURE_LINES = 0.95;
const ALL_LINES = 0.85;

/** What Playwright's `page.coverage.stopJSCoverage()` gives, without the source. */
const browserCoverage = z.array(
  z.object({
    url: z.string(),
    functions: z.array(z.object({ ranges: z.array(z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() })) })),
  }),
);
type Script = z.infer<typeof browserCoverage>[number];

const position = z.object({ line: z.number(), column: z.number().nullable().transform((column) => column ?? Number.MAX_SAFE_INTEGER) });
const nodeCoverage = z.record(
  z.string(),
  z.object({ path: z.string(), statementMap: z.record(z.string(), z.object({ start: position, end: position })), s: z.record(z.string(), z.number()) }),
);

export interface CoverageCheck {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

interface Lines {
  readonly covered: number;
  readonly total: number;
}

/** Judges the coverage that the last run of the unit and browser tests left: each pure room, and the whole. */
export function coverageChecks(): readonly CoverageCheck[] {
  if (!existsSync(NODE_COVERAGE)) return [{ name: 'coverage', passed: false, detail: 'the unit tests left none' }];
  const files = coveredLines();
  const pure = PURE_ROOMS.map((room) => judge(`lines of ${room}/`, filesOf(files, `src/${room}/`), PURE_LINES));
  return [...pure, judge('lines of src/', filesOf(files, 'src/'), ALL_LINES)];
}

function filesOf(files: ReadonlyMap<string, Lines>, folder: string): ReadonlyMap<string, Lines> {
  return new Map([...files].filter(([path]) => path.startsWith(folder)));
}

function judge(name: string, files: ReadonlyMap<string, Lines>, threshold: number): CoverageCheck {
  const covered = sum([...files.values()].map((lines) => lines.covered));
  const total = sum([...files.values()].map((lines) => lines.total));
  const share = total === 0 ? 1 : covered / total;
  const passed = share >= threshold;
  const figures = `${(share * 100).toFixed(1)} % of ${total}, at least ${threshold * 100} %`;
  return { name, passed, detail: passed ? figures : `${figures}; least covered: ${leastCovered(files)}` };
}

function leastCovered(files: ReadonlyMap<string, Lines>): string {
  return [...files]
    .sort(([, a], [, b]) => b.total - b.covered - (a.total - a.covered))
    .slice(0, 5)
    .map(([path, lines]) => `${path} (${lines.total - lines.covered} lines)`)
    .join(', ');
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Lines with a statement, and how many of them ran, by the file's path from the project's root. */
function coveredLines(): ReadonlyMap<string, Lines> {
  const inNode = nodeCoverage.parse(JSON.parse(readFileSync(NODE_COVERAGE, 'utf8')));
  const inBrowser = browserHits();
  const result = new Map<string, Lines>();
  for (const { path, statementMap, s } of Object.values(inNode)) {
    const name = relative(process.cwd(), path).replaceAll('\\', '/');
    const hits = inBrowser.get(name) ?? [];
    const lines = new Map<number, boolean>();
    for (const [id, { start, end }] of Object.entries(statementMap)) {
      // The minifier drops keywords and braces: a statement ran when the first piece of it that is left ran.
      const ran = (s[id] ?? 0) > 0 || (hits.find((hit) => !isBefore(hit, start) && isBefore(hit, end))?.ran ?? false);
      lines.set(start.line, (lines.get(start.line) ?? false) || ran);
    }
    result.set(name, { covered: [...lines.values()].filter(Boolean).length, total: lines.size });
  }
  return result;
}

interface Hit {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly ran: boolean;
}

const isBefore = (a: { line: number; column: number }, b: { line: number; column: number }): boolean => a.line < b.line || (a.line === b.line && a.column < b.column);

/** Per source file, the places that a source map names, in their order, and whether any test ran them. */
function browserHits(): ReadonlyMap<string, readonly Hit[]> {
  const byFile = new Map<string, Map<string, Hit>>();
  for (const [script, runs] of scripts()) {
    const places = sourcePlaces(script);
    for (const run of runs) {
      const counts = countsAt(run, places.map((place) => place.offset));
      for (const [index, { source, line, column }] of places.entries()) {
        const file = byFile.get(source) ?? new Map<string, Hit>();
        byFile.set(source, file);
        const key = `${line}:${column}`;
        file.set(key, { line, column, ran: (counts[index] ?? 0) > 0 || (file.get(key)?.ran ?? false) });
      }
    }
  }
  return new Map([...byFile].map(([source, hits]) => [source, [...hits.values()].sort((a, b) => a.line - b.line || a.column - b.column)]));
}

/** The scripts of the built page that the browser tests ran, each with one entry a test. */
function scripts(): ReadonlyMap<string, readonly Script[]> {
  const byScript = new Map<string, Script[]>();
  for (const name of existsSync(BROWSER_COVERAGE) ? readdirSync(BROWSER_COVERAGE) : []) {
    for (const script of browserCoverage.parse(JSON.parse(readFileSync(`${BROWSER_COVERAGE}/${name}`, 'utf8')))) {
      const path = `${DIST}${new URL(script.url).pathname}`;
      if (existsSync(`${path}.map`)) byScript.set(path, [...(byScript.get(path) ?? []), script]);
    }
  }
  return byScript;
}

const sourceMap = z.object({ sources: z.array(z.string()), mappings: z.string() });

interface SourcePlace {
  /** From the project's root. */
  readonly source: string;
  /** From 1, as in Vitest's report; a source map counts from 0. */
  readonly line: number;
  readonly column: number;
  /** In UTF-16 units from the script's start. */
  readonly offset: number;
}

/** The pieces of a built script that come from src/, in the order of the script. */
function sourcePlaces(script: string): readonly SourcePlace[] {
  const map = sourceMap.parse(JSON.parse(readFileSync(`${script}.map`, 'utf8')));
  const sources = map.sources.map((source) => relative(process.cwd(), resolve(script, '..', source)).replaceAll('\\', '/'));
  const lineStarts = [0];
  for (const line of readFileSync(script, 'utf8').split('\n')) lineStarts.push((lineStarts.at(-1) ?? 0) + line.length + 1);
  return segments(map.mappings).flatMap((segment: Segment) => {
    const source = sources[segment.source];
    const lineStart = lineStarts[segment.generatedLine];
    if (source === undefined || lineStart === undefined || !source.startsWith('src/')) return [];
    return [{ source, line: segment.line + 1, column: segment.column, offset: lineStart + segment.generatedColumn }];
  });
}

/** How often V8 ran each offset; offsets ascend. The innermost of V8's nested ranges decides. */
function countsAt(script: Script, offsets: readonly number[]): readonly number[] {
  const ranges = script.functions.flatMap((one) => one.ranges).sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const open: typeof ranges = [];
  let next = 0;
  return offsets.map((offset) => {
    for (let range = ranges[next]; range !== undefined && range.startOffset <= offset; range = ranges[next]) {
      open.push(range);
      next += 1;
    }
    while (open.length > 0 && (open.at(-1)?.endOffset ?? Infinity) <= offset) open.pop();
    return open.at(-1)?.count ?? 0;
  });
}
