import { agentRun, EVENTS_PER_RUN, RUNS_PER_BATCH, runDigits } from './agent-run.ts';

/** How an event travels: as a frame of its own, or fifty to a frame. */
export type PerFrame = 1 | 50;
export type Wire = 'websocket' | 'socket.io';

const runPlace = '########';
const timePlace = 1_111_111_111_111;

interface FrameTemplate {
  readonly bytes: Buffer;
  readonly times: readonly number[];
  /** Where a run's digits stand, by the place of the run in the template. */
  readonly runs: readonly { readonly at: number; readonly run: number }[];
}

/**
 * The endless stream of one user, as the bytes of WebSocket frames: built once, and after that only the digits of run and time change.
 * Serialising each event anew would make the sender the slower end.
 */
export class FrameTape {
  readonly #frames: readonly FrameTemplate[];
  readonly #runsPerRound: number;
  readonly eventsPerFrame: number;
  #frame = 0;
  #run: number;
  #digits: string[] = [];

  /** @param firstRun the number of the first run; tapes of the same user must not repeat one */
  constructor(user: string, wire: Wire, perFrame: PerFrame, firstRun: number) {
    this.eventsPerFrame = perFrame;
    this.#run = firstRun;
    if (perFrame === 1) {
      this.#runsPerRound = 1;
      this.#frames = agentRun(user, runPlace, timePlace).map((event) => template(JSON.stringify(event), wire, () => 0));
    } else {
      this.#runsPerRound = RUNS_PER_BATCH;
      const events = Array.from({ length: RUNS_PER_BATCH }, () => agentRun(user, runPlace, timePlace)).flat();
      const perRun = count(JSON.stringify(events.slice(0, EVENTS_PER_RUN)), runPlace);
      this.#frames = [template(JSON.stringify({ type: 'event_batch', events }), wire, (place) => Math.floor(place / perRun))];
    }
  }

  /** The run that would come next. */
  get nextRun(): number {
    return this.#run + this.#runsPerRound;
  }

  /** The bytes of the next frame; nobody else holds them. */
  next(now: number): Buffer {
    const time = String(Math.round(now));
    if (this.#frame === 0) {
      this.#digits = Array.from({ length: this.#runsPerRound }, (_, place) => runDigits(this.#run + place));
      this.#run += this.#runsPerRound;
    }
    const frame = this.#frames[this.#frame];
    if (frame === undefined) throw new Error('A tape has a frame');
    this.#frame = (this.#frame + 1) % this.#frames.length;
    // What is written to a socket may wait there, and the template changes.
    const bytes = Buffer.from(frame.bytes);
    for (const at of frame.times) bytes.write(time, at, 'latin1');
    for (const { at, run } of frame.runs) bytes.write(this.#digits[run] ?? '', at, 'latin1');
    return bytes;
  }
}

/** A message of the target as the bytes of one frame. */
export function frameOf(message: string, wire: Wire): Buffer {
  const payload = Buffer.from(wire === 'socket.io' ? `42["agent_event",${message}]` : message);
  const { length } = payload;
  // RFC 6455, section 5.2: a final text frame, not masked.
  if (length < 126) return Buffer.concat([Buffer.of(0x81, length), payload]);
  if (length < 65_536) return Buffer.concat([Buffer.of(0x81, 126, length >> 8, length & 255), payload]);
  throw new Error('A frame of this bench is smaller than 64 KiB');
}

function template(message: string, wire: Wire, runOf: (place: number) => number): FrameTemplate {
  const bytes = frameOf(message, wire);
  return { bytes, times: places(bytes, String(timePlace)), runs: places(bytes, runPlace).map((at, place) => ({ at, run: runOf(place) })) };
}

function places(bytes: Buffer, text: string): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + text.length)) found.push(at);
  return found;
}

const count = (text: string, part: string): number => text.split(part).length - 1;
