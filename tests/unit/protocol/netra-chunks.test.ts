import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import type { Decoded, Decoder } from '#protocol/dialect.ts';
import { maxDepth, maxLength } from '#protocol/gate.ts';
import { netra } from '#protocol/netra.ts';

const control = { kind: 'control' };
const broken = { kind: 'rejected', reason: 'broken-chunks' };

const start = (id: string, rest: Record<string, JsonValue> = {}): JsonValue => ({ message_type: 'chunked_start', message_id: id, ...rest });
const piece = (id: string, index: JsonValue, data: JsonValue): JsonValue => ({ message_type: 'chunked_data', metadata: { message_id: id, chunk_index: index }, data });
const end = (id: string): JsonValue => ({ message_type: 'chunked_end', message_id: id });
const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64');

const send = (decoder: Decoder, ...frames: JsonValue[]): Decoded[] => frames.map((data) => decoder.decode({ data }));
const decoded = (...frames: JsonValue[]): Decoded[] => send(netra.createDecoder(), ...frames);
const typesOf = (one: Decoded | undefined): unknown => (one?.kind === 'events' ? one.events.map(({ type }) => type) : one);

/** A text cut into pieces of some bytes each. */
function pieces(id: string, text: string, size: number): JsonValue[] {
  const bytes = Buffer.from(text);
  const list: JsonValue[] = [];
  for (let from = 0; from < bytes.length; from += size) list.push(piece(id, list.length, base64(bytes.subarray(from, from + size))));
  return list;
}

const text = JSON.stringify({ type: 'final_report', run_id: 'r1', report: 'Größe 🙂' });

describe('a large message', () => {
  test('is put together again; its pieces are control', () => {
    const parts = pieces('m1', text, 7);
    const all = decoded(start('m1', { total_chunks: parts.length, compression: null }), ...parts, end('m1'));
    expect(all.slice(0, -1)).toEqual(all.slice(1).map(() => control));
    expect(all.at(-1)).toMatchObject({ kind: 'events', events: [{ type: 'final_report', runId: 'r1' }] });
  });

  test('however it is cut, in whatever order it comes, announced or not', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 1, max: 9 }), fc.infiniteStream(fc.nat()), fc.boolean(), (payload, size, order, announced) => {
        const message = `{"type":"x","payload":${payload}}`;
        const parts = pieces('m', message, size).sort(() => ((order.next().value ?? 0) % 3) - 1);
        const all = decoded(start('m', announced ? { total_chunks: parts.length } : {}), ...parts, end('m'));
        expect(all.at(-1)).toEqual(netra.createDecoder().decode({ data: JSON.parse(message) }));
      }),
    );
  });

  test('several at once do not mix', () => {
    const all = decoded(start('a'), start('b'), piece('b', 0, base64('{"type":"b"}')), piece('a', 0, base64('{"type":"a"}')), end('a'), end('b'));
    expect(all.slice(4).map(typesOf)).toEqual([['a'], ['b']]);
  });

  test('a piece that comes twice counts once', () => {
    const all = decoded(start('a', { total_chunks: 1 }), piece('a', 0, base64('{"type":"a"}')), piece('a', 0, base64('other')), end('a'));
    expect(all.slice(1).map(typesOf)).toEqual([control, control, ['a']]);
  });

  test('a new start begins anew', () => {
    const all = decoded(start('a'), piece('a', 0, base64('{"type":"a"}')), start('a'), piece('a', 0, base64('{"type":"b"}')), end('a'));
    expect(typesOf(all.at(-1))).toEqual(['b']);
  });

  test('may be a batch, or control', () => {
    expect(typesOf(decoded(start('a'), piece('a', 0, base64('[{"type":"a"},{"type":"b"}]')), end('a')).at(-1))).toEqual(['a', 'b']);
    expect(decoded(start('a'), piece('a', 0, base64('{"type":"ping"}')), end('a')).at(-1)).toEqual(control);
    expect(decoded(start('a'), piece('a', 0, base64('{"hello":1}')), end('a')).at(-1)).toEqual({ kind: 'rejected', reason: 'no-type' });
  });

  test('has its state in one decoder alone', () => {
    const one = netra.createDecoder();
    const other = netra.createDecoder();
    send(one, start('a'), piece('a', 0, base64('{"type":"a"}')));
    expect(send(other, end('a'))).toEqual([broken]);
    expect(send(one, end('a')).map(typesOf)).toEqual([['a']]);
  });
});

describe('what cannot be put together is told', () => {
  const good = piece('a', 0, base64('{"type":"a"}'));
  test.each<[string, JsonValue[]]>([
    ['a piece without a start', [good]],
    ['an end without a start', [end('a')]],
    ['an end that comes twice', [start('a'), good, end('a'), end('a')]],
    ['no id', [{ message_type: 'chunked_start', total_chunks: 1 }]],
    ['a missing piece', [start('a', { total_chunks: 2 }), good, end('a')]],
    ['a missing first piece', [start('a'), piece('a', 1, base64('{"type":"a"}')), end('a')]],
    ['no piece at all', [start('a'), end('a')]],
    ['more pieces than announced', [start('a', { total_chunks: 1 }), good, piece('a', 1, base64(' '))]],
    ['an index that is none', [start('a'), piece('a', -1, base64('{}'))]],
    ['an index with a fraction', [start('a'), piece('a', 0.5, base64('{}'))]],
    ['an index that is text', [start('a'), piece('a', '0', base64('{}'))]],
    ['an index past all bounds', [start('a'), piece('a', 4096, base64('{}'))]],
    ['content that is no text', [start('a'), piece('a', 0, { a: 1 })]],
    ['content that is not base64', [start('a'), piece('a', 0, '{"type":"a"}'), end('a')]],
    ['bytes that are not UTF-8', [start('a'), piece('a', 0, base64(new Uint8Array([0x22, 0xff, 0x22]))), end('a')]],
    ['a text that is not JSON', [start('a'), piece('a', 0, base64('{"type":')), end('a')]],
    ['compressed content', [start('a', { compression: 'gzip' })]],
    ['too many pieces', [start('a', { total_chunks: 5000 })]],
  ])('%s', (_, frames) => {
    expect(decoded(...frames).at(-1)).toEqual(broken);
  });

  test('after a fault its later pieces are rejected too, and others live on', () => {
    const all = decoded(start('a'), start('b'), piece('a', 'x', ''), good, end('a'), piece('b', 0, base64('{"type":"b"}')), end('b'));
    expect(all.map(typesOf)).toEqual([control, control, broken, broken, broken, control, ['b']]);
  });

  test('the gate holds for the whole too', () => {
    const deep = `{"type":"a","x":${'['.repeat(maxDepth)}${']'.repeat(maxDepth)}}`;
    expect(decoded(start('a'), piece('a', 0, base64(deep)), end('a')).at(-1)).toEqual({ kind: 'rejected', reason: 'too-deep' });
    expect(decoded(start('a'), piece('a', 0, base64('{"type":"a","seq":1e400}')), end('a')).at(-1)).toEqual({ kind: 'rejected', reason: 'bad-number' });
  });

  test('large messages do not nest', () => {
    const inner = JSON.stringify(start('b'));
    expect(decoded(start('a'), piece('a', 0, base64(inner)), end('a')).at(-1)).toEqual({ kind: 'rejected', reason: 'no-type' });
  });
});

describe('bounds', () => {
  test('of more than eight at once the oldest gives way', () => {
    const decoder = netra.createDecoder();
    for (let n = 0; n < 9; n += 1) expect(send(decoder, start(`m${n}`))).toEqual([control]);
    expect(send(decoder, piece('m0', 0, base64('{"type":"a"}')))).toEqual([broken]);
    expect(send(decoder, piece('m1', 0, base64('{"type":"a"}')), end('m1')).map(typesOf)).toEqual([control, ['a']]);
  });

  test('what all of them hold together is no more than one message may have', () => {
    const decoder = netra.createDecoder();
    const large = 'A'.repeat(Math.floor(maxLength / 2));
    send(decoder, start('a'), start('b'));
    expect(send(decoder, piece('a', 0, large), piece('b', 0, large))).toEqual([control, control]);
    expect(send(decoder, piece('b', 1, large))).toEqual([broken]);
    expect(send(decoder, piece('a', 1, large))).toEqual([control]);
  });
});

test('other messages that go by message_type', () => {
  expect(decoded({ message_type: 'upload_progress', percent: 3 })).toEqual([control]);
  expect(decoded({ message_type: 'binary', data: 'AAEC' })).toEqual([{ kind: 'rejected', reason: 'binary' }]);
  expect(decoded({ message_type: 'compressed', data: 'AAEC' })).toEqual([{ kind: 'rejected', reason: 'binary' }]);
  expect(decoded({ type: 'agent_started', message_type: 'chunked_start' }).map(typesOf)).toEqual([['agent_started']]);
});
