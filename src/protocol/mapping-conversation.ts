import type { JsonValue } from '#base/json.ts';
import { createClockDialogue } from './clock-dialogue.ts';
import type { Conversation, Heard } from './dialect.ts';
import { eventAt, timeOf } from './mapping-fields.ts';
import { valueAtKeys } from './mapping-path.ts';
import { matches, nameOf, type MappingPlan } from './mapping-plan.ts';

const nothing: Heard = {};

/** Knows the greeting, gives the answers that are owed, and asks for the time, each as far as the mapping tells how. */
export function createMappingConversation(plan: MappingPlan): Conversation {
  const { clock } = plan;
  const dialogue =
    clock &&
    createClockDialogue({
      question: () => clock.ask,
      timeIn: (answer) => timeOf(valueAtKeys(answer, clock.keys)),
    });

  const welcome = (message: JsonValue, key: string | undefined): Heard => {
    const { userId, threadId } = eventAt(plan, '', { message, key, around: undefined });
    return { ready: true, ...(userId !== undefined && { user: userId }), ...(threadId !== undefined && { thread: threadId }) };
  };

  return {
    hear(frame, now) {
      const message = frame.data;
      if (message === undefined) return nothing;
      const named = nameOf(plan, message, frame.event);
      if (matches(plan.welcome, message, named)) return welcome(message, named?.key);
      if (clock !== undefined && dialogue !== undefined && matches(clock.answer, message, named)) {
        const serverAt = dialogue.answer(message, now);
        return serverAt === undefined ? nothing : { serverAt };
      }
      const answer = named && plan.answers.get(named.name);
      return answer === undefined ? nothing : { replies: [answer] };
    },
    clockQuestion: (now) => dialogue?.question(now),
  };
}
