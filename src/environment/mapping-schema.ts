import * as z from 'zod/mini';
import { defaulted, field, optional } from './field.ts';

// A mapping is worked through for every frame, and every capture carries it: it is small.
const mostCharacters = 65_536;
const mostKeys = 16;

const name = z.string().check(z.minLength(1), z.maxLength(200));

/** Keys with dots between them; a backslash before a dot makes it a part of its key. */
const path = name.check(
  z.refine((text) => text.split(/(?<!\\)\./).every((key) => key !== ''), { error: 'expected a dotted path like payload.run_id' }),
  z.refine((text) => text.split('.').length <= mostKeys, { error: `expected a path of at most ${mostKeys} keys` }),
);
const paths = z.union([path, z.array(path).check(z.minLength(1), z.maxLength(8))]);

const conditions = z
  .record(path, z.union([z.string(), z.number(), z.boolean()]))
  .check(z.refine((each) => Object.keys(each).length > 0, { error: 'expected at least one path and its value' }));
/** A name, or what has to stand where. */
const match = z.union([name, conditions]);

const clock = z.strictObject({
  ask: field('The message that asks.', z.json()),
  answer: field('The name of the answer, or conditions as in `rules`. It is control.', match),
  at: field('Where the time stands in the answer.', path),
});

const rule = z.strictObject({
  when: field('What has to stand where, all of it: path → text, number, `true` or `false`. `"*"` takes anything but null.', conditions),
  type: field('What such an event is.', name),
});

/** A team's own event format, told by where things stand in it. */
export const mappingSchema = z
  .strictObject({
    type: defaulted(
      'Where an event’s name stands; an empty list where it is the name of the Socket.IO event alone. With `*` as its last part the name is a key: of the keys there one that this mapping names, else the only one.',
      z.union([path, z.array(path).check(z.maxLength(8))]),
      'type',
    ),
    names: defaulted(
      'The target’s names, and what the contract calls such an event: `agent_started`, `agent_thinking`, `tool_executing`, `tool_completed`, `agent_completed`, `agent_error`. A name that is not listed stays as it is.',
      z.record(name, name),
      {},
    ),
    runId: optional('Where the run’s id stands. In a batch, what an item does not say the frame around it says; so too for the thread, the user, the agent and the time.', paths),
    threadId: optional('Where the thread’s (conversation’s, session’s) id stands.', paths),
    userId: optional('Where the id of the user stands for whom the event is.', paths),
    eventId: optional('Where the id of the event itself stands: the same one twice is a duplicate.', paths),
    seq: optional('Where the number of the event in its run stands: whole numbers that go up by one.', paths),
    sentAt: optional('Where the time stands at which the event was sent: a number since 1970 in seconds, milliseconds, microseconds or nanoseconds, or an ISO time; one without a zone is UTC.', paths),
    agent: optional('Where the agent’s name stands.', paths),
    tool: optional('Where the tool’s name stands.', paths),
    toolCallId: optional('Where the id of the tool call stands: with it calls of one tool are told apart.', paths),
    recovered: optional('Where `true` stands in an event that is sent again after a reconnect.', paths),
    control: defaulted(
      'Frames that carry no event: heartbeats, welcomes, acknowledgements. Each by its name, or by conditions as in `rules`.',
      z.array(match).check(z.maxLength(200)),
      ['ping', 'pong', 'heartbeat', 'heartbeat_ack', 'connection_established'],
    ),
    batch: optional(
      'Where a frame that carries many events has its list of them; with `*` as its last part an object has a list for each name there. A frame that is itself a list needs no path.',
      paths,
    ),
    rules: defaulted('For events that one name does not tell. The first rule that fits decides, before `control` and `names` do.', z.array(rule).check(z.maxLength(100)), []),
    welcome: optional('The greeting after which the target takes triggers, by its name or by conditions as in `rules`; its user and thread are read where those of events stand. It is control. Left out, or not come within 1 s, triggers are sent.', match),
    answers: defaulted('Messages that the target wants answered, by their names, and the answers to them, such as `{"ping": {"type": "pong"}}`. They are control.', z.record(name, z.json()), {}),
    clock: optional('How the target is asked for its time, without which latencies are not comparable with its clock. Socket.IO’s own way needs no entry.', clock),
  })
  .check(
    z.superRefine((mapping, context) => {
      const text = JSON.stringify(mapping);
      const fault = (at: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path: at, message });
      if (text.length > mostCharacters) fault([], `expected a mapping of at most ${mostCharacters} characters of JSON`);
      // It would be filled in, and every capture carries the mapping.
      if (text.includes('${')) fault([], 'expected a mapping without ${NAME}: captures carry it, and no secret');
      if (listed(mapping.type).some(endsInKey)) return;
      for (const name of ['runId', 'threadId', 'userId', 'eventId', 'seq', 'sentAt', 'agent', 'tool', 'toolCallId', 'recovered'] as const) {
        if (listed(mapping[name] ?? []).some((each) => each.split('.').includes('*'))) fault([name], 'expected a path without *, which stands for the key that is the name: no type ends in * here');
      }
    }),
  );

export type MappingInput = z.input<typeof mappingSchema>;

const listed = (each: string | readonly string[]): readonly string[] => (typeof each === 'string' ? [each] : each);
const endsInKey = (each: string): boolean => each === '*' || each.endsWith('.*');
