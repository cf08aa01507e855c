import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { capturedEngine } from '#monitor/opened/captured-engine.ts';
import type { Engine } from '#monitor/engine.ts';
import { makeReport } from '#monitor/report.ts';
import { CaptureReader } from '#record/capture-reader.ts';

const folder = new URL('../../fixtures/vectors/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => file.replace(/\.jsonl$/, ''));

/** Percentiles are promised within 1 %, all other numbers to 1e-6. */
const percentiles = new Set(['latency.p50', 'latency.p95', 'latency.p99']);

function compare(path: string, actual: unknown, wanted: unknown, differences: string[]): void {
  if (typeof wanted === 'number' && typeof actual === 'number') {
    const tolerance = percentiles.has(path) ? Math.abs(wanted) * 0.01 : Math.max(1e-6, Math.abs(wanted) * 1e-9);
    if (!(Math.abs(actual - wanted) <= tolerance)) differences.push(`${path}: ${actual}, expected ${wanted}`);
    return;
  }
  if (typeof wanted === 'object' && wanted !== null && typeof actual === 'object' && actual !== null) {
    const keys = new Set([...Object.keys(wanted), ...Object.keys(actual)]);
    for (const key of keys) compare(path === '' ? key : `${path}.${key}`, Reflect.get(actual, key), Reflect.get(wanted, key), differences);
    return;
  }
  if (actual !== wanted) differences.push(`${path}: ${JSON.stringify(actual)}, expected ${JSON.stringify(wanted)}`);
}

describe('every vector gives its report', () => {
  test.each(names)('%s', (name) => {
    let engine: Engine | undefined;
    const reader = new CaptureReader((record) => {
      if (record.record === 'header') {
        const created = capturedEngine(record);
        if (created.ok) engine = created.value;
      }
      engine?.apply(record);
    });
    reader.push(readFileSync(new URL(`${name}.jsonl`, folder), 'utf8'));
    expect(reader.finish().ok).toBe(true);
    if (engine === undefined) throw new Error('no engine');
    const differences: string[] = [];
    const wanted: unknown = JSON.parse(readFileSync(new URL(`${name}.report.json`, folder), 'utf8'));
    compare('', JSON.parse(JSON.stringify(makeReport(engine))), wanted, differences);
    expect(differences).toEqual([]);
  });

  test('the comparison finds a difference', () => {
    const differences: string[] = [];
    compare('', { a: 1, b: [1, 2] }, { a: 1.1, b: [1], c: 'x' }, differences);
    expect(differences).toHaveLength(3);
  });
});
