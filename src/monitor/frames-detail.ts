import { epochMs, type EpochMs } from '#base/units.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { Abilities, Decoded, Remark } from '#protocol/dialect.ts';
import { dialectOf } from '#protocol/dialects.ts';
import { explainFrame } from '#protocol/explain.ts';
import { redact, redactLine } from '#record/capture-writer.ts';
import type { FrameRecord } from '#record/record.ts';
import type { ShapeRow } from './shape-book.ts';
import type { Recording } from './recording.ts';

/** The newest frames of an environment beside what is made of them, and what its target has sent so far. */
export interface FramesDetail {
  /** `canonical`, `netra`, or `mapping` for a team's own. */
  readonly dialect: string;
  /** What the dialect has a place for: the rest can never be measured here. */
  readonly abilities: Abilities;
  /** The newest first, 20 at most. */
  readonly frames: readonly FrameDetail[];
  /** The shapes of all frames so far, and the types of events that nobody named, each since when and how often. */
  readonly shapes: readonly ShapeRow[];
  readonly unknownTypes: readonly ShapeRow[];
}

export interface FrameDetail {
  readonly at: EpochMs;
  readonly connection: string;
  /** Socket.IO: the event's name. */
  readonly event: string | null;
  /** What came, without secrets; its first 4096 characters. */
  readonly raw: string;
  /** Characters of the whole frame. */
  readonly length: number;
  /** Null for a frame that is too long to be taken apart here. */
  readonly made: Made | null;
}

export type Made =
  | { readonly kind: 'control'; readonly shape: string | null; readonly remarks: readonly Remark[] }
  | {
      readonly kind: 'events';
      readonly shape: string | null;
      /** Of a batch the first ones, and how many there are in all. */
      readonly events: readonly AgentEvent[];
      readonly count: number;
      readonly remarks: readonly Remark[];
    }
  | { readonly kind: 'rejected'; readonly reason: string; readonly remarks: readonly Remark[] };

const mostFrames = 20;
const mostShown = 4096;
const mostEvents = 10;
/** Taking apart what is longer would hold up what comes in meanwhile. */
const longestRead = 64 * 1024;

export function framesDetail({ environment, capture, shapes, unknownTypes }: Recording): FramesDetail {
  const dialect = dialectOf(environment.dialect);
  if (dialect === undefined) throw new Error('The schema lets in known dialects alone.');
  return {
    dialect: dialect.id,
    abilities: dialect.abilities,
    frames: capture.newestFrames(mostFrames).map((line) => {
      if (line.length > longestRead) return beginning(line);
      const record: FrameRecord = JSON.parse(redactLine(line));
      const raw = rawOf(record);
      const { decoded, shape, remarks } = explainFrame(dialect, record);
      return { at: record.at, connection: record.connection, event: record.event ?? null, raw: raw.slice(0, mostShown), length: raw.length, made: madeOf(decoded, shape ?? null, remarks) };
    }),
    shapes: shapes.rows(),
    unknownTypes: unknownTypes.rows(),
  };
}

function madeOf(decoded: Decoded, shape: string | null, remarks: readonly Remark[]): Made {
  switch (decoded.kind) {
    case 'control':
      return { kind: 'control', shape, remarks };
    case 'events':
      return { kind: 'events', shape, events: decoded.events.slice(0, mostEvents), count: decoded.events.length, remarks };
    case 'rejected':
      return { kind: 'rejected', reason: decoded.reason, remarks };
  }
}

const rawOf = ({ text, base64, data }: FrameRecord): string => text ?? base64 ?? JSON.stringify(data) ?? '';

/** A frame that is too long to be read whole: its line begins with when and where it came. */
function beginning(line: string): FrameDetail {
  const [head = '', at, connection] = lineHead.exec(line) ?? [];
  const raw = line.slice(head.length, -2);
  return { at: epochMs(Number(at)), connection: connection ?? '', event: null, raw: redact(raw.slice(0, mostShown)), length: raw.length, made: null };
}

/** As recordLine writes it. */
const lineHead = /^\{"record":"frame","at":([\d.]+),"connection":"((?:[^"\\]|\\.)*)","(?:data|text|base64)":/;
