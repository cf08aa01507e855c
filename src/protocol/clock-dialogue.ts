import type { JsonValue } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';
import type { EpochMs } from '#base/units.ts';
import { instantOf } from './time.ts';

/** How long (in ms) a question stays open: short, so that one that is never answered soon stops shifting the pairing of the next. */
const givenUpAfter = 5000;

/** The questions for the target's time that are still open on ONE socket, and what their answers say. */
export interface ClockDialogue {
  /** The question to be sent at `now`. */
  question(now: EpochMs): JsonValue;
  /** The target's time in an answer, where it has one and answers the newest question. */
  answer(answer: JsonValue, now: EpochMs): EpochMs | undefined;
}

/** How a target is asked for its time, and where its answer tells it. */
export interface ClockWords {
  question(now: EpochMs): JsonValue;
  timeIn(answer: JsonValue, askedAt: EpochMs): EpochMs | undefined;
}

const pingPong: ClockWords = { question: (now) => ({ type: 'ping', timestamp: now }), timeIn: timeInPong };

/** @param words `{"type":"ping","timestamp":ms}` and the time in the `pong` if left out */
export function createClockDialogue(words: ClockWords = pingPong): ClockDialogue {
  let open: EpochMs[] = [];
  const stillOpen = (now: EpochMs): EpochMs[] => open.filter((askedAt) => now - askedAt < givenUpAfter);
  return {
    question(now) {
      open = [...stillOpen(now), now];
      return words.question(now);
    },
    answer(answer, now) {
      open = stillOpen(now);
      const askedAt = open.shift();
      // Answers come in the order of the questions. A late one to an earlier question would pair with the newest one's
      // sending time, and so look like the quickest and best sample of all.
      if (askedAt === undefined || open.length > 0) return undefined;
      return words.timeIn(answer, askedAt);
    },
  };
}

const timeFields = ['serverTime', 'server_time', 'timestamp'];

/** The innermost time in a pong that is not our own number, sent back. */
function timeInPong(pong: JsonValue, askedAt: EpochMs): EpochMs | undefined {
  const parts = isJsonObject(pong) ? [pong['data'], pong['payload'], pong].filter(isJsonObject) : [];
  for (const part of parts) {
    for (const field of timeFields) {
      const time = part[field] === askedAt ? undefined : instantOf(part[field]);
      if (time !== undefined) return time;
    }
  }
  return undefined;
}
