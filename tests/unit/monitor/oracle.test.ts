import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { makeReport, type Report } from '#monitor/report.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { judge, type OracleReport } from '../../fixtures/oracle.ts';
import { foldedEngine, hostileNames, plainNames, randomCapture } from '../../fixtures/random-capture.ts';

const folder = new URL('../../fixtures/vectors/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => file.replace(/\.jsonl$/, ''));

function vector(name: string): RunwatchRecord[] {
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  reader.push(readFileSync(new URL(`${name}.jsonl`, folder), 'utf8'));
  expect(reader.finish().ok).toBe(true);
  return records;
}

/** The part of a report that the oracle gives, as it is written to a file. */
function essence({ verdict, frames, events, runs, counts, slo, crossTalk }: Report | OracleReport): unknown {
  const { good, valid, trials } = slo;
  return JSON.parse(JSON.stringify({ verdict, frames, events, runs, counts, slo: { good, valid, trials }, crossTalk }));
}

const engineEssence = (records: readonly RunwatchRecord[]): unknown => essence(makeReport(foldedEngine(records)));

describe('the oracle', () => {
  test.each(names)('gives the report of the vector %s', { timeout: 30_000 }, (name) => {
    const wanted = JSON.parse(readFileSync(new URL(`${name}.report.json`, folder), 'utf8'));
    expect(essence(judge(vector(name)))).toEqual(essence(wanted));
  });

  test('is not blind: one event less is another report', () => {
    const records = vector('healthy-one-run');
    const place = records.findIndex(({ record }) => record === 'frame');
    expect(engineEssence(records.toSpliced(place, 1))).not.toEqual(essence(judge(records)));
  });
});

describe('engine and oracle agree', () => {
  test.each([
    { of: 'plain names', pool: plainNames, numRuns: 1000 },
    { of: 'hostile names', pool: hostileNames, numRuns: 400 },
  ])('over random captures of $of', { timeout: 60_000 }, ({ pool, numRuns }) => {
    fc.assert(
      fc.property(randomCapture(pool), (records) => {
        expect(engineEssence(records)).toEqual(essence(judge(records)));
      }),
      { numRuns, seed: 20_260_731 },
    );
  });

  test('and the captures bring everything that can happen', { timeout: 60_000 }, () => {
    const seen = new Set<string>();
    for (const records of fc.sample(randomCapture(), { numRuns: 1000, seed: 20_260_731 })) {
      const { events, counts, runs, frames } = judge(records);
      for (const [name, count] of [...Object.entries(events), ...Object.entries(counts), ...Object.entries(frames.rejectedBy)]) if (count !== 0) seen.add(name);
      for (const { fault, violations } of runs) for (const name of [`fault ${fault}`, ...Object.keys(violations)]) seen.add(name);
      const { running, complete, incomplete, failed, inconclusive } = counts;
      if (running + complete + incomplete + failed + inconclusive > runs.length) seen.add('forgotten');
    }
    const fates = ['attributed', 'crossTalk', 'echo', 'duplicate', 'late', 'orphan'];
    const statuses = ['running', 'complete', 'incomplete', 'failed', 'inconclusive', 'good', 'forgotten'];
    const faults = ['none', 'agent', 'auth', 'monitor', 'network', 'server'].map((fault) => `fault ${fault}`);
    const violations = ['missing', 'out_of_order', 'sequence_gap', 'duplicate', 'late', 'dumped'];
    const all = [...fates, ...statuses, ...faults, ...violations, 'no-type', 'not-json', 'binary'];
    expect(all.filter((name) => !seen.has(name))).toEqual([]);
  });
});

describe('the engine is a fold', () => {
  /** While the monitor is blind its ticker stands still, so no tick falls into an interval that a later record calls blind. */
  const mayTick = (records: readonly RunwatchRecord[], index: number, at: number): boolean =>
    records.slice(index + 1).every((record) => record.record !== 'blind' || record.from > at);

  test('letting time pass between records changes nothing', { timeout: 60_000 }, () => {
    let ticks = 0;
    const fractions = fc.array(fc.array(fc.constantFrom(0, 0.25, 0.5, 1), { maxLength: 3 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(randomCapture(), fractions, (records, plan) => {
        const ticked = foldedEngine(records, (engine, index) => {
          const [from, to] = [records[index]?.at ?? 0, records[index + 1]?.at];
          if (to === undefined) return;
          for (const fraction of (plan[index % plan.length] ?? []).toSorted((a, b) => a - b)) {
            const at = from + fraction * (to - from);
            if (!mayTick(records, index, at)) continue;
            engine.advance(epochMs(at));
            ticks += 1;
          }
        });
        expect(makeReport(ticked)).toEqual(makeReport(foldedEngine(records)));
      }),
      { numRuns: 400, seed: 20_260_731 },
    );
    expect(ticks).toBeGreaterThan(1000);
  });
});
