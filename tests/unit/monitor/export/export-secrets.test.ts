import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { replayCommand } from '#cli/replay-command.ts';
import { UsageError } from '#cli/usage.ts';
import { capsuleText } from '#monitor/export/capsule.ts';
import { exportCapture } from '#monitor/export/export-capture.ts';
import { exportFormats, type ExportFormat } from '#monitor/export/exported-capture.ts';
import { Replay } from '#monitor/replay.ts';
import { WhysCapture } from '#monitor/whys/whys-capture.ts';
import { whysHtml } from '#monitor/whys/whys-html.ts';
import { whysMarkdown } from '#monitor/whys/whys-markdown.ts';
import { captureLine } from '#record/capture-writer.ts';
import { changeQuery } from '#views/parts/url-state.ts';
import { recordingOf } from '../../../fixtures/folded-recording.ts';
import { foundIn, leakyCapture, secretCorpus } from '../../../fixtures/secrets.ts';

const secrets = secretCorpus();
const records = leakyCapture(secrets);

async function exported(format: ExportFormat, payloads = false): Promise<string> {
  const pace = { now: () => 0, isDue: () => false, rest: async () => undefined };
  const answer = await exportCapture(recordingOf(records), { environmentId: 'local', format, payloads }, { pace, isWatched: true });
  if (answer.kind !== 'exported') throw new Error(answer.kind);
  let text = answer.name + answer.preview.join('\n') + JSON.stringify(answer.counts);
  for await (const piece of capsuleText(answer.blob.stream())) text += piece;
  return text;
}
/** The file alone. */
const capsule = async (): Promise<string> => {
  const text = await exported('jsonl');
  return text.slice(text.lastIndexOf('{"record":"header"'));
};

describe('two hundred secrets in twelve shapes', () => {
  test('are all found where nothing was taken out', () => {
    expect(new Set(secrets.map(({ shape }) => shape)).size).toBe(12);
    expect(secrets).toHaveLength(200);
    expect(foundIn(records.map((record) => JSON.stringify(record)).join('\n'), secrets)).toHaveLength(200);
  });

  test.each(exportFormats)('are in no default export: %s', async (format) => {
    expect(foundIn(await exported(format), secrets)).toEqual([]);
  });

  test.each(exportFormats)('are in no export with payloads: %s', async (format) => {
    expect(foundIn(await exported(format, true), secrets)).toEqual([]);
  });

  test('are in no report of an export', async () => {
    const text = await capsule();
    const replay = new Replay();
    replay.push(text);
    const replayed = replay.finish();
    expect(replayed.ok && replayed.value.report.runs.length).toBeGreaterThan(5);
    const whys = new WhysCapture();
    whys.push(text);
    const told = whys.finish('capture.jsonl');
    if (!told.ok) throw new Error(told.error.message);
    const reports = JSON.stringify(replayed) + JSON.stringify(told.value) + whysMarkdown(told.value.whys) + whysHtml(told.value.whys);
    expect(foundIn(reports, secrets)).toEqual([]);
  });

  test('are in no link to a run of an export', async () => {
    const replay = new Replay();
    replay.push(await capsule());
    const replayed = replay.finish();
    const links = replayed.ok ? replayed.value.report.runs.map(({ id, user, connection }) => changeQuery('', { env: replayed.value.report.environment, run: id, filter: `user:"${user}" connection:${connection}` })) : [];
    expect(links.length).toBeGreaterThan(5);
    expect(foundIn(links.map(decodeURIComponent).join('\n'), secrets)).toEqual([]);
  });

  test('are in nothing that the command line says of one, be it whole or broken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'runwatch-secrets-'));
    let said = '';
    const write = (text: unknown): boolean => (said += String(text)) !== '';
    vi.spyOn(process.stdout, 'write').mockImplementation(write);
    vi.spyOn(process.stderr, 'write').mockImplementation(write);
    const text = await capsule();
    writeFileSync(join(folder, 'whole.jsonl'), text);
    // A broken line of the capture itself, with secrets in it, is named and not shown.
    writeFileSync(join(folder, 'broken.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join('').replaceAll('"agent_error"', '"agent_error'));
    await replayCommand(join(folder, 'whole.jsonl'), false);
    await replayCommand(join(folder, 'whole.jsonl'), true);
    await replayCommand(join(folder, 'broken.jsonl'), false).catch((error: unknown) => (said += error instanceof UsageError ? error.message : 'another error'));
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
    expect(said).toContain('it is not JSON');
    expect(foundIn(said, secrets)).toEqual([]);
  });

  test('told by their form alone are in no line of a capture that is written as it comes', () => {
    const told = secrets.filter(({ shape }) => ['JSON web token', 'bearer', 'basic', 'key of a maker', 'address', 'JSON in a text'].includes(shape));
    const frames = told.map(({ text }, n) => captureLine({ record: 'note', at: records[0]?.at ?? (0 as never), text: `${n} ${text}` }));
    expect(foundIn(frames.join(''), told)).toEqual([]);
  });
});
