import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RunwatchRecord } from '#record/record.ts';
import { judge } from '../../fixtures/oracle.ts';

const folder = new URL('../../fixtures/vectors/', import.meta.url);
const names = readdirSync(folder).filter((file) => file.endsWith('.jsonl')).map((file) => file.replace(/\.jsonl$/, ''));

describe('the oracle agrees with every vector', () => {
  test.each(names)('%s', (name) => {
    const records = readFileSync(new URL(`${name}.jsonl`, folder), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as RunwatchRecord);
    const last = records.at(-1);
    if (last !== undefined && last.record !== 'end') records.push({ record: 'end', at: last.at });
    const wanted = JSON.parse(readFileSync(new URL(`${name}.report.json`, folder), 'utf8')) as Record<string, unknown>;
    const got = JSON.parse(JSON.stringify(judge(records))) as Record<string, unknown>;
    for (const k of ['verdict', 'frames', 'events', 'runs', 'counts', 'crossTalk']) expect({ [k]: got[k] }).toEqual({ [k]: wanted[k] });
    expect(wanted['slo']).toMatchObject(got['slo'] as object);
  });
});
