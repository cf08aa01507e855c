import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { answerAtDesk } from '#monitor/desk.ts';
import { Monitor } from '#monitor/monitor.ts';
import { Replay } from '#monitor/replay.ts';
import { systemClock } from '#monitor/system-clock.ts';
import { captureText, gzipFile, plainFile } from '../../../fixtures/capture-file.ts';
import { draw, start } from '../../../fixtures/drawing.ts';
import { environmentOf, liveWorld } from '../../../fixtures/live-world.ts';

const records = draw('u0: >STERC--------------->STEC |\nu1: >STXC');
const text = captureText(records);

/** A monitor that knows one environment, whose clock is real: files are read in real time. */
const monitorOf = (): Monitor => new Monitor([environmentOf({})], { ...liveWorld().platform, clock: systemClock() });

const ask = answerAtDesk;

describe('a capture that is opened', () => {
  test('answers every question that a watched environment does', async () => {
    const monitor = monitorOf();
    expect(monitor.snapshot().opened).toEqual([]);
    expect(await ask(monitor, 'openCapture', { capture: gzipFile(text), name: 'a.jsonl.gz' })).toEqual({ kind: 'opened', environmentId: 'capture:1' });
    const id = 'capture:1';
    const { environments, opened } = monitor.snapshot();
    expect(environments.map((each) => [each.id, each.opened])).toEqual([['local', null]]);
    expect(opened.map((each) => [each.id, each.opened?.name])).toEqual([[id, 'a.jsonl.gz']]);

    const replay = new Replay();
    replay.push(text);
    const replayed = replay.finish();
    expect(monitor.report(id, {})).toEqual(replayed.ok && replayed.value.report);
    expect(monitor.records(id)).toBe(text);
    expect(monitor.counts().environments[id]).toMatchObject({ counts: { complete: 1, failed: 1 }, connections: { wanted: 2, open: 2 } });
    expect(await monitor.run(id, 'u0-1')).toMatchObject({ run: { id: 'u0-1', status: 'complete' } });
    expect(await monitor.frames(id)).toBeDefined();
    expect(monitor.rejected(id)).toEqual([]);
    const slice = monitor.timeline(id, { from: epochMs(start), to: epochMs(start + 5000), columns: 800, maxEvents: 1000 });
    expect(slice?.lanes).toEqual(['local#0', 'local#1']);
    expect(slice?.runs.map((run) => run.id)).toContain('u0-2');
    // What nobody named is what is watched, and never a capture.
    expect(monitor.report(undefined, {})).toBeUndefined();
  });

  test('is played, is annotated, and closed', async () => {
    const monitor = monitorOf();
    await ask(monitor, 'openCapture', { capture: plainFile(text), name: 'a.jsonl' });
    await ask(monitor, 'play', { environmentId: 'capture:1', speed: null, at: epochMs(start + 100) });
    expect(monitor.recording('capture:1')?.engine.now).toBe(start + 100);
    monitor.note('capture:1', { text: 'here it broke' });
    expect((await ask(monitor, 'notes', { environmentId: 'capture:1' })).map((note) => [note.text, note.at])).toEqual([['here it broke', start + 100]]);
    await ask(monitor, 'closeCapture', { environmentId: 'capture:1' });
    expect(monitor.recording('capture:1')).toBeUndefined();
    expect(monitor.snapshot().opened).toEqual([]);
  });

  test('that is none changes nothing', async () => {
    const monitor = monitorOf();
    expect(await ask(monitor, 'openCapture', { capture: plainFile('{}'), name: 'x' })).toMatchObject({ kind: 'fault', fault: { line: 1, reason: 'no-header' } });
    expect(monitor.snapshot().opened).toEqual([]);
    await ask(monitor, 'play', { environmentId: 'capture:1', speed: 1 });
    await ask(monitor, 'closeCapture', { environmentId: 'capture:1' });
  });
});
