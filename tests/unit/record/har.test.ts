import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { HarWriter } from '#record/har.ts';
import type { RunwatchRecord } from '#record/record.ts';

const at = epochMs(1_760_000_000_500);
const header: RunwatchRecord = { record: 'header', at, format: 'runwatch', version: 1, app: 'runwatch/1.2.3', environment: { id: 'my:env', name: 'x', kind: 'mock', transport: 'websocket', dialect: 'canonical' } };

function harOf(...records: readonly RunwatchRecord[]) {
  const writer = new HarWriter();
  for (const record of [header, ...records]) writer.add(record);
  return JSON.parse([...writer.text()].join('')).log;
}

describe('an HTTP archive', () => {
  test('says who made it, and has no entry where nothing was open', () => {
    expect(harOf({ record: 'end', at })).toEqual({ version: '1.2', creator: { name: 'runwatch', version: '1.2.3' }, pages: [], entries: [] });
  });

  test('has text, Socket.IO events and bytes as they are on a wire', () => {
    const connection = 'local#0';
    const { entries } = harOf(
      { record: 'frame', at, connection, data: { type: 'a' } },
      { record: 'frame', at, connection, event: 'agent_event', data: { type: 'a' } },
      { record: 'frame', at, connection, text: 'no JSON' },
      { record: 'frame', at, connection, base64: 'AAEC' },
      { record: 'trigger', at, connection, run: 'r1' },
      { record: 'connection-close', at, connection, cause: 'auth', reason: 'expired' },
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ startedDateTime: '2025-10-09T08:53:20.500Z', _resourceType: 'websocket', comment: 'transport unknown; closed by auth: expired', request: { url: 'wss://my-env.invalid/local%230' } });
    expect(entries[0]._webSocketMessages).toEqual([
      { type: 'receive', time: 1_760_000_000.5, opcode: 1, data: '{"type":"a"}' },
      { type: 'receive', time: 1_760_000_000.5, opcode: 1, data: '["agent_event",{"type":"a"}]' },
      { type: 'receive', time: 1_760_000_000.5, opcode: 1, data: 'no JSON' },
      { type: 'receive', time: 1_760_000_000.5, opcode: 2, data: 'AAEC' },
      { type: 'send', time: 1_760_000_000.5, opcode: 1, data: '{"record":"trigger","run":"r1"}' },
    ]);
  });
});
