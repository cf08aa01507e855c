import { epochMs, type EpochMs } from '#base/units.ts';
import type { FrameDetail, FramesDetail, Made } from '#monitor/frames-detail.ts';
import { formatCount, localTime } from '#views/parts/format.ts';

type ReadEvent = Extract<Made, { readonly kind: 'events' }>['events'][number];

/** What the frame is, in a word or two. */
export function madeWord({ made, length }: FrameDetail): string {
  if (made === null) return `too long to be taken apart here (${formatCount(length)} characters)`;
  switch (made.kind) {
    case 'control':
      return 'control';
    case 'rejected':
      return `rejected: ${made.reason}`;
    case 'events': {
      const [first] = made.events;
      return made.count === 1 && first !== undefined ? first.type : `${formatCount(made.count)} events`;
    }
  }
}

/** What the contract looks at in an event, each with what was found; null where the frame says nothing of it. */
export function eventFields(event: ReadEvent): readonly (readonly [name: string, value: string | null])[] {
  return [
    ['type', event.type],
    ['run', event.runId ?? null],
    ['thread', event.threadId ?? null],
    ['user', event.userId ?? null],
    ['seq', event.seq === undefined ? null : String(event.seq)],
    ['sent at', event.sentAt === undefined ? null : timeText(event.sentAt)],
    ['tool', event.tool === undefined ? null : `${event.tool}${event.toolCallId === undefined ? '' : `, call ${event.toolCallId}`}`],
  ];
}

/** A target may claim any time; what no calendar has is shown as the number that it is. */
function timeText(at: EpochMs): string {
  return Math.abs(at) > 8.64e15 ? String(at) : localTime.precise(epochMs(at));
}

type Ability = keyof FramesDetail['abilities'];

const lacking: readonly (readonly [Ability, string])[] = [
  ['runIds', 'Which run an event belongs to: it has no place for a run’s id, so events go to the run that is open on their connection.'],
  ['seq', 'Gaps in a sequence: its events have no numbers, so loss is told by the contract’s rules alone.'],
  ['sentAt', 'Delivery latency: its events do not say when they were sent.'],
  ['clock', 'Latency on the target’s own clock: it answers no question for its time, except by Socket.IO’s acknowledgement.'],
  ['eventIds', 'Duplicates by id: its events have none, so one that is repeated is told by its number or its content.'],
  ['tools', 'Which tool an event is about: it has no place for a tool’s name.'],
  ['toolCalls', 'Calls of one tool apart from each other: its events do not name the call.'],
];

/** What can never be measured with a dialect, a sentence each. */
export const notMeasurable = (abilities: FramesDetail['abilities']): string[] => lacking.filter(([ability]) => !abilities[ability]).map(([, sentence]) => sentence);
