import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseQuery } from '#monitor/query/query-parser.ts';
import { WhysCapture, type CapturedWhys } from '#monitor/whys/whys-capture.ts';
import { whysChat } from '#monitor/whys/whys-chat.ts';
import { whysHtml } from '#monitor/whys/whys-html.ts';
import { whysMarkdown } from '#monitor/whys/whys-markdown.ts';
import type { Evidence, EvidenceLink, WhysReport } from '#monitor/whys/whys-report.ts';
import { captureLine } from '#record/capture-writer.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { draw } from '../../../fixtures/drawing.ts';
import { hostileNames, plainNames, randomCapture } from '../../../fixtures/random-capture.ts';
import { whysCaptures } from '../../../fixtures/whys-captures.ts';

beforeAll(() => {
  // Texts name times of day where the monitor runs.
  process.env['TZ'] = 'UTC';
});

const anyCapture = fc.oneof(randomCapture(plainNames), randomCapture(hostileNames));

const lines = (records: readonly RunwatchRecord[]): string => records.map(captureLine).join('');

function captured(text: string, name: string | null = null): CapturedWhys {
  const capture = new WhysCapture();
  // Two pieces: a line may be cut anywhere.
  capture.push(text.slice(0, text.length / 2));
  capture.push(text.slice(text.length / 2));
  const found = capture.finish(name);
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

const whysOf = (records: readonly RunwatchRecord[]): WhysReport => captured(lines(records)).whys;

function linksOf({ health, path, evidence, whys }: WhysReport): EvidenceLink[] {
  const all = [...health, ...path, ...evidence, ...whys.flatMap((why): readonly Evidence[] => why.evidence)];
  return all.flatMap(({ link }) => (link === null ? [] : [link]));
}

describe.each(Object.entries(whysCaptures))('the report of the capture %s', (name, records) => {
  const file = new URL(`../../../fixtures/whys/${name}.jsonl`, import.meta.url);
  // The version changes with every release, and says nothing of the report.
  const report = (): WhysReport => ({ ...captured(readFileSync(file, 'utf8'), `${name}.jsonl`).whys, app: 'runwatch/x' });

  test('is made of the scene that it is told of', async () => {
    await expect(lines(records())).toMatchFileSnapshot(file.pathname);
  });

  test('reads as it was approved', async () => {
    await expect(whysMarkdown(report())).toMatchFileSnapshot(`../../../golden/whys/${name}.md`);
    await expect(whysHtml(report())).toMatchFileSnapshot(`../../../golden/whys/${name}.html`);
    await expect(whysChat(report(), { page: 'https://runwatch.example/' })).toMatchFileSnapshot(`../../../golden/whys/${name}.txt`);
  });

  test('leads to records by queries that the search box reads', () => {
    const links = linksOf(report());
    expect(links.length).toBeGreaterThan(5);
    for (const { filter, from, to } of links) {
      expect(parseQuery(filter ?? '').ok, filter ?? '').toBe(true);
      expect(to).toBeGreaterThanOrEqual(from);
    }
  });
});

test('says what a replay says', () => {
  fc.assert(
    fc.property(anyCapture, (records) => {
      const { whys, report } = captured(lines(records));
      expect(whys.accounting.slo).toEqual(report.slo);
      expect(whys.accounting.counts).toEqual(report.counts);
      expect(whys.accounting.frames).toEqual(report.frames);
      expect(whys.accounting.leaks).toBe(report.events.crossTalk);
      expect(whys.accounting.whole).toBe(true);
      expect(whys.evidence[0]).toMatchObject({ runs: report.slo.trials, lost: report.slo.valid - report.slo.good });
      // A plain document: nothing is lost on its way through JSON.
      expect(JSON.parse(JSON.stringify(whys))).toEqual(whys);
      expect(captured(lines(records)).whys).toEqual(whys);
    }),
    { numRuns: 40 },
  );
});

test('has five whys, and answers none without evidence', () => {
  fc.assert(
    fc.property(anyCapture, (records) => {
      const { whys } = captured(lines(records)).whys;
      expect(whys).toHaveLength(5);
      for (const { open, answer, evidence, question } of whys) {
        expect(answer === null, question).toBe(open);
        expect(open || evidence.length > 0, question).toBe(true);
        expect(question).toMatch(/^Why .*\?$/);
      }
    }),
    { numRuns: 40 },
  );
});

describe('what sets those apart who are struck', () => {
  test('is named where the records show it, and asked where they do not', () => {
    const polling = whysOf(whysCaptures['polling']?.() ?? []);
    expect(polling.whys[2]).toMatchObject({ open: false, answer: 'They are the only ones on polling. All others stayed on websocket.' });
    // The same losses, and nobody on another transport.
    const alike = (whysCaptures['polling']?.() ?? []).map((record): RunwatchRecord => (record.record === 'connection-open' ? { ...record, transport: 'websocket' } : record));
    const reconnected = whysOf(alike).whys[2];
    expect(reconnected).toMatchObject({ open: false, answer: 'They are the only ones that were connected anew around the onset.' });
    const silent = alike.filter((record) => !(record.record === 'connection-close' || (record.record === 'connection-open' && record.at > 1_000 + (alike[0]?.at ?? 0))));
    expect(whysOf(silent).whys[2]).toMatchObject({ open: true, answer: null });
  });

  test('is compared with nobody where all are struck', () => {
    const { whys, evidence } = whysOf(draw('u0: >STE' + '-'.repeat(110) + '>STE' + '-'.repeat(110) + '|'));
    expect(evidence.map(({ name }) => name)).toEqual(['The connection']);
    expect(whys[2]).toMatchObject({ open: true, question: 'Why on this connection?' });
  });
});

test('where nothing was counted says so, and invents nothing', () => {
  const report = whysOf(draw('u0: -|'));
  expect(report.verdict).toEqual({ state: 'no-data', since: null, onset: null });
  expect(report.title).toBe('No run was counted on Local');
  expect(report.evidence).toMatchObject([{ runs: 0, delivered: null, interval: null }]);
  expect(report.metrics.map(({ state }) => state)).toEqual(['no-data', 'no-data', 'no-data']);
  expect(whysMarkdown(report)).toContain('no data');
});

test('a stretch of time is judged by its own runs', () => {
  const records = whysCaptures['polling']?.() ?? [];
  expect(whysOf(records).verdict.onset).not.toBeNull();
  const early = records.filter(({ at }) => at < (records[0]?.at ?? 0) + 170_000);
  expect(whysOf(early).accounting.counts).toMatchObject({ incomplete: 1 });
});

describe('a refused capture', () => {
  test.each([
    ['without a header', '', /empty/],
    ['with a contract that cannot be read', `${JSON.stringify({ ...draw('u0: -|')[0], environment: { id: 'a', contract: { settleMs: -1 } } })}\n`, /contract is not valid/],
  ])('%s is told by line and cause', (_, text, message) => {
    const capture = new WhysCapture();
    capture.push(text);
    const found = capture.finish(null);
    expect(found.ok ? '' : found.error.message).toMatch(message);
  });
});
