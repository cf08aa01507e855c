import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { reportCommand } from '#cli/report-command.ts';
import { UsageError } from '#cli/usage.ts';
import { captureLine } from '#record/capture-writer.ts';
import { draw } from '../../fixtures/drawing.ts';

let folder = '';
let stdout = '';
let stderr = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runwatch-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  stdout = '';
  stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
});
afterEach(() => vi.restoreAllMocks());

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const capture = (drawing: string): string => draw(drawing).map(captureLine).join('');
const good = 'u0: >STERC---------------|';
const plain = { html: undefined, json: false };
const fault = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'no fault', (error: unknown) => (error instanceof UsageError ? error.message : error));

test('prints Markdown, and tells the verdict by its exit code', async () => {
  expect(await reportCommand(file('good.jsonl', capture(good)), plain)).toBe(0);
  expect(stdout).toMatch(/^# No loss on Local, and too few runs to prove it\n\nReport of Local\. /);
  expect(stdout).toContain('Capture good.jsonl.');
  expect(await reportCommand(file('bad.jsonl', capture('u0: >STEC---------------|')), plain)).toBe(1);
  expect(await reportCommand(file('none.jsonl', capture('u0: -|')), plain)).toBe(2);
  expect(stderr).toBe('');
});

test('writes a page of its own beside it, of gzip too', async () => {
  const page = join(folder, 'report.html');
  await reportCommand(file('zipped.jsonl.gz', gzipSync(capture(good))), { html: page, json: false });
  expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(await fault(reportCommand(file('good.jsonl', capture(good)), { html: join(folder, 'no', 'where.html'), json: false }))).toMatch(/^Cannot write the report .*where\.html \(ENOENT\)\.$/);
});

test('prints the document as JSON', async () => {
  await reportCommand(file('good.jsonl', capture(good)), { html: undefined, json: true });
  expect(JSON.parse(stdout)).toMatchObject({ format: 'runwatch-whys', version: 1, capture: 'good.jsonl', accounting: { counts: { complete: 1 } } });
});

test('says what cannot be read, and that a torn line was left out', async () => {
  expect(await fault(reportCommand(join(folder, 'nowhere.jsonl'), plain))).toMatch(/^Cannot read the capture .*nowhere\.jsonl \(ENOENT\)\.$/);
  expect(await fault(reportCommand(file('empty.jsonl', ''), plain))).toMatch(/is not a capture that can be judged\. Line 1: the capture is empty\./);
  await reportCommand(file('torn.jsonl', capture(good).slice(0, -20)), plain);
  expect(stderr).toBe('The last line was torn, as by a crash, and is left out.\n');
});
