import type { JsonValue } from '#base/json.ts';
import type { Result } from '#base/result.ts';
import { err, ok } from '#base/result.ts';
import { base64OfBytes } from './base64.ts';
import type { Frame, RejectReason } from './dialect.ts';
import { gateFault, maxLength, textFault, type GateFault } from './gate.ts';
import { holdsBytes, rawText } from './raw-text.ts';

// Live and replay agree because both give a decoder the same frame, and what stands in a frame survives being written and read again:
// JSON that passes the gate stands there as `data`; all else stands there as text, and `frameFault` finds in the text why it was kept out.

/**
 * The value that passed the gate last. A frame is decoded as soon as it is heard, so the value most often comes straight back, and is
 * not walked twice. It cannot have changed meanwhile: nobody writes to what was parsed.
 */
let passed: unknown;

/** The frame of a text message. Of a text that is too large only so much is kept as still shows it. */
export function frameOfText(text: string): Frame {
  const read = readText(text);
  if (read.ok) return { data: read.value };
  return { text: text.length > maxLength ? cutOff(text) : text };
}

/** The frame of a binary message, of which at most `maxLength` bytes are kept. */
export function frameOfBytes(bytes: Uint8Array): Frame {
  return { base64: base64OfBytes(bytes.subarray(0, maxLength)) };
}

/** The frame of a Socket.IO event: its name and its first argument (none at all is `null`). Bytes inside an argument become `null`: no field of an event is binary. */
export function frameOfEvent(event: string, argument: unknown): Frame {
  if (argument instanceof ArrayBuffer) return { ...frameOfBytes(new Uint8Array(argument)), event };
  if (ArrayBuffer.isView(argument)) return { ...frameOfBytes(new Uint8Array(argument.buffer, argument.byteOffset, argument.byteLength)), event };
  if (argument === undefined) return { data: null, event };
  return isSoundJson(argument) ? { data: argument, event } : { ...frameOfText(rawText(argument)), event };
}

// Socket.IO makes its arguments of parsed JSON and bytes.
function isSoundJson(argument: unknown): argument is JsonValue {
  return !holdsBytes(argument) && passing(argument) === undefined;
}

/** Why a frame has no JSON to decode, or undefined where its `data` may be looked at. */
export function frameFault(frame: Frame): RejectReason | undefined {
  if (frame.data !== undefined) return frame.data === passed ? undefined : gateFault(frame.data);
  if (frame.base64 !== undefined) return 'binary';
  if (frame.text === undefined) return 'no-type';
  // What did not pass the gate is told from what is not JSON by asking the gate again. What would pass is text because it came as text.
  const read = readText(frame.text);
  return read.ok ? 'not-json' : read.error;
}

function readText(text: string): Result<JsonValue, RejectReason> {
  const unread = textFault(text);
  if (unread !== undefined) return err(unread);
  let data: JsonValue;
  try {
    data = JSON.parse(text);
  } catch {
    return err('not-json');
  }
  const fault = passing(data);
  return fault === undefined ? ok(data) : err(fault);
}

/** What the gate says of a value that is heard now. */
function passing(value: unknown): GateFault | undefined {
  const fault = gateFault(value);
  if (fault === undefined) passed = value;
  return fault;
}

/** One code unit more than a message may have. A copy, since a slice would keep the whole message in memory. */
function cutOff(text: string): string {
  const copy: string = JSON.parse(JSON.stringify(text.slice(0, maxLength + 1)));
  return copy;
}
