import type { JsonObject } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';
import type { Decoded, Frame } from './dialect.ts';
import { wrapperTypes } from './netra-aliases.ts';
import { welcomeTypes } from './welcome-types.ts';

/** Which of the envelopes seen on this wire a frame has. Told by a few fields, so that it costs little: two versions may look the same. */
export function netraShape({ data, event }: Frame, decoded: Decoded): string {
  if (Array.isArray(data)) return 'list';
  if (!isJsonObject(data)) return 'other';
  const type = data['type'];
  if (typeof type !== 'string') {
    if (typeof data['message_type'] === 'string') return 'S12 chunks';
    if (typeof data['event'] === 'string') return 'S9 event, no type';
    return event === undefined ? 'event_type, no type' : 'Socket.IO event, no type';
  }
  if (decoded.kind === 'control') return controlShape(data, type);
  if (type === 'event_batch') return 'S11 batch';
  if (data['recovered'] === true) return 'S15 recovered';
  return wrapperTypes.has(type) ? wrapperShape(data) : eventShape(data);
}

function controlShape(message: JsonObject, type: string): string {
  if (type.startsWith('handshake')) return 'W5 handshake';
  const data = message['data'];
  if (type === 'connection_established') {
    if (isJsonObject(message['payload'])) return 'W4 welcome in payload';
    if (!isJsonObject(data)) return 'W3 flat welcome';
    return data['mode'] === undefined ? 'W5 welcome' : 'W1 welcome with mode';
  }
  if (wrapperTypes.has(type)) return 'W2 welcome in wrapper';
  if (welcomeTypes.has(type)) return 'W4 welcome by another name';
  switch (type) {
    case 'ping':
    case 'pong':
      return 'ping';
    case 'heartbeat':
    case 'heartbeat_ack':
    case 'factory_heartbeat':
    case 'isolated_heartbeat':
      return 'heartbeat';
    case 'error':
    case 'error_message':
      return 'error of the connection';
    default:
      return 'control';
  }
}

function wrapperShape(message: JsonObject): string {
  if (typeof message['event'] === 'string') return 'S6 event in wrapper';
  const data = message['data'];
  return isJsonObject(data) && (data['event'] ?? data['type'] ?? null) !== null ? 'S5 data in wrapper' : 'wrapper alone';
}

function eventShape(message: JsonObject): string {
  if (isJsonObject(message['payload'])) return 'S1 payload';
  if (isJsonObject(message['data'])) {
    if (message['critical'] === true) return 'S2 data + critical';
    if (has(message['message_id'])) return 'S14 data + message_id';
    return has(message['run_id']) ? 'S4 flat ids + data' : 'S16 data';
  }
  if (message['critical'] === true) return 'S3 flat + critical';
  if (has(message['event_id'])) return 'S13 flat + event_id';
  if (typeof message['agent'] === 'string' || typeof message['tool'] === 'string') return 'S7 flat, agent and tool';
  return has(message['user_id']) && has(message['thread_id']) && has(message['run_id']) ? 'S8 flat, all ids' : 'S10 flat';
}

const has = (value: unknown): boolean => value !== undefined && value !== null;
