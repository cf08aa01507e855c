import type { JsonObject, JsonValue } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';
import type { EpochMs } from '#base/units.ts';
import { instantOf } from './time.ts';

/** How long (in ms) a question stays open: short, so that one that is never answered soon stops shifting the pairing of the next. */
const givenUpAfter = 5000;

/** The questions for the target's time that are still open on ONE socket, and what their answers say. */
export interface ClockDialogue {
  /** The question to be sent at `now`: `{"type":"ping","timestamp":ms}`. */
  question(now: EpochMs): JsonValue;
  /** The target's time in a `pong`, where it has one and answers the newest question. */
  answer(pong: JsonObject, now: EpochMs): EpochMs | undefined;
}

export function createClockDialogue(): ClockDialogue {
  let open: EpochMs[] = [];
  const stillOpen = (now: EpochMs): EpochMs[] => open.filter((askedAt) => now - askedAt < givenUpAfter);
  return {
    question(now) {
      open = [...stillOpen(now), now];
      return { type: 'ping', timestamp: now };
    },
    answer(pong, now) {
      open = stillOpen(now);
      const askedAt = open.shift();
      // Answers come in the order of the questions. A late one to an earlier question would pair with the newest one's
      // sending time, and so look like the quickest and best sample of all.
      if (askedAt === undefined || open.length > 0) return undefined;
      return timeIn(pong, askedAt);
    },
  };
}

const timeFields = ['serverTime', 'server_time', 'timestamp'];

/** The innermost time in a pong that is not our own number, sent back. */
function timeIn(pong: JsonObject, askedAt: EpochMs): EpochMs | undefined {
  const parts = [pong['data'], pong['payload'], pong].filter(isJsonObject);
  for (const part of parts) {
    for (const field of timeFields) {
      const time = part[field] === askedAt ? undefined : instantOf(part[field]);
      if (time !== undefined) return time;
    }
  }
  return undefined;
}
