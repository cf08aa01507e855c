import { describe, expect, test } from 'vitest';
import { makeReport } from '#monitor/report.ts';
import { Replay } from '#monitor/replay.ts';
import { captureLine } from '#record/capture-writer.ts';
import { draw, fold } from '../../fixtures/drawing.ts';

const records = draw('u0: >STERC--------------->STEC |\nu1: >STXC');
const text = records.map(captureLine).join('');

describe('a replay', () => {
  test.each([1, 7, 100_000])('gives the same report as the fold, in pieces of %i characters', (size) => {
    const replay = new Replay();
    for (let at = 0; at < text.length; at += size) expect(replay.push(text.slice(at, at + size))).toEqual({ ok: true, value: undefined });
    const replayed = replay.finish();
    expect(replayed).toMatchObject({ ok: true, value: { summary: { records: records.length, tornLines: 0 } } });
    expect(replayed.ok && replayed.value.report).toEqual(makeReport(fold(records, 0)));
  });

  test.each([
    ['nothing at all', '', 'no-header', 1],
    ['no header', text.slice(text.indexOf('\n') + 1), 'no-header', 1],
    ['a dialect that is not spoken', text.replace('"canonical"', '"klingon"'), 'no-header', 1],
    ['a contract that is none', text.replace('"dialect"', '"contract":{"settleMs":-1},"dialect"'), 'no-header', 1],
    ['a promise that is none', text.replace('"dialect"', '"slo":{"target":2},"dialect"'), 'no-header', 1],
    ['a broken line', text.replace('\n{', '\n{{'), 'broken-line', 2],
  ])('refuses %s, says why, and goes on refusing', (_, capture, reason, line) => {
    const replay = new Replay();
    replay.push(capture);
    const finished = replay.finish();
    expect(finished).toMatchObject({ ok: false, error: { reason, line, message: expect.stringMatching(/^Line \d+: .+\.$/) } });
    expect(replay.push('{}\n').ok).toBe(false);
  });

  test('names what it cannot judge by', () => {
    const replay = new Replay();
    replay.push(text.replace('"dialect"', '"slo":{"target":2},"dialect"'));
    const finished = replay.finish();
    expect(finished.ok ? '' : finished.error.message).toMatch(/slo.*target/);
  });
});
