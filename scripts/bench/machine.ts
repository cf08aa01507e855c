import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import process from 'node:process';
import { z } from 'zod';
import type { Measurement } from './measurement.ts';

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Programs that wanted a core in the minute before the run: anything but 0 takes from both sides of every ratio, and not equally. */
  readonly load: number;
  readonly node: string;
  /** Undefined where no row needed a browser. */
  readonly browser: string | undefined;
  readonly packages: Readonly<Record<string, string>>;
}

const manifest = z.object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) });
const named = ['socket.io', 'socket.io-client', 'ws', 'react', 'recharts', '@socket.io/admin-ui'] as const;

/** @param load the system's load average when the run began */
export function describeMachine(browser: string | undefined, load: number): Machine {
  const { dependencies, devDependencies } = manifest.parse(JSON.parse(readFileSync('package.json', 'utf8')));
  const versions = { ...dependencies, ...devDependencies };
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: Math.round(load * 10) / 10,
    node: process.version,
    browser,
    packages: Object.fromEntries(named.map((name) => [name, versions[name] ?? 'not installed'])),
  };
}

/** What the results of two runs must share to stand in one table. */
const alike = z.object({ cpu: z.string(), cores: z.number(), memoryGiB: z.number(), node: z.string(), date: z.string() });
const measurementSchema = z.object({
  row: z.string(),
  what: z.string(),
  unit: z.string(),
  values: z.array(z.number()),
  bar: z.exactOptional(z.object({ kind: z.enum(['at-least', 'at-most']), value: z.number() })),
  context: z.string(),
  limit: z.string(),
});
const earlierSchema = z.object({ machine: alike, quick: z.literal(false), rounds: z.number().gte(5), measurements: z.array(measurementSchema) });

/**
 * What an earlier run left in `bench/results.json` of other rows: a whole run takes half an hour, and its rows may be measured one by one.
 * Nothing where that run was hasty, or of another machine or day.
 */
export function earlierMeasurements(text: string | undefined, machine: Machine, rowsNow: readonly string[]): Measurement[] {
  if (text === undefined) return [];
  const earlier = earlierSchema.safeParse(JSON.parse(text));
  if (!earlier.success) return [];
  const now = alike.parse(machine);
  if (JSON.stringify(earlier.data.machine) !== JSON.stringify(now)) return [];
  return earlier.data.measurements.filter(({ row }) => !rowsNow.includes(row));
}

/** What `bench/results.json` holds. */
export interface Results {
  readonly machine: Machine;
  readonly quick: boolean;
  readonly rounds: number;
  readonly measurements: readonly Measurement[];
}
