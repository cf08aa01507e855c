import { browserSockets, type SocketFactory } from '#connection/socket-factory.ts';
import type { Environment } from '#environment/schema.ts';
import { canonical } from '#protocol/canonical.ts';
import type { ArchiveFeed } from './archive-feed.ts';
import type { DeskQuestionName, DeskQuestions } from './desk-questions.ts';
import type { AnyAsk, FromWorker, QuestionName, Questions, TimelineAsk, ToWorker } from './messages.ts';
import { Monitor } from './monitor.ts';
import type { TimelineSlice } from './snapshot.ts';
import { systemClock, systemRandom, wallTime } from './system-clock.ts';
import type { Platform } from './watch.ts';

/** At most four snapshots a second, and the next only after the last was taken. */
const snapshotMs = 250;

let monitor: Monitor | undefined;
let taken = true;

const send = (message: FromWorker): void => self.postMessage(message);

function sendSnapshot(): void {
  if (monitor === undefined || !taken) return;
  taken = false;
  send({ kind: 'snapshot', snapshot: monitor.snapshot() });
}

let otherDialects: Platform['dialectOf'] | undefined;
let socketIo: SocketFactory['socketIo'];

/** All dialects but the project's own, and Socket.IO, are loaded with the first environment that speaks one. */
async function loadFor({ dialect, transport }: Pick<Environment, 'dialect' | 'transport'>): Promise<void> {
  if (dialect !== 'canonical') otherDialects ??= (await import('#protocol/dialects.ts')).dialectOf;
  if (transport === 'socket.io') socketIo ??= (await import('#connection/socketio.ts')).openSocketIo;
}

/** What hands records over to the archive; undefined before the page has one. */
let archive: Promise<ArchiveFeed> | undefined;

async function startArchive(of: Monitor, line: MessagePort): Promise<ArchiveFeed> {
  const { ArchiveFeed } = await import('./archive-feed.ts');
  return new ArchiveFeed(of, line);
}

/** What is asked only by somebody who looks closely is loaded when it is. */
const atDesk =
  <Name extends DeskQuestionName>(name: Name) =>
  async (of: Monitor, ask: DeskQuestions[Name]['ask']): Promise<DeskQuestions[Name]['answer']> =>
    (await import('./desk.ts')).answerAtDesk(of, name, ask);

/** What marks the matches of a query is loaded with the first one; without a query nothing waits. */
async function timelineOf(of: Monitor, { environmentId, request }: TimelineAsk): Promise<TimelineSlice | undefined> {
  return of.timeline(environmentId, request, request.query === undefined ? undefined : (await import('./query/timeline-matches.ts')).matchSlice);
}

/** Every question, answered by the monitor. */
const answers: { [Name in QuestionName]: (of: Monitor, ask: Questions[Name]['ask']) => Questions[Name]['answer'] | Promise<Questions[Name]['answer']> } = {
  watch: async (of, { environment }) => {
    await loadFor(environment);
    // Where captures are kept, its newest one may go on.
    of.watch(environment, await (await archive)?.earlier(environment));
    return undefined;
  },
  health: (of, { environment }) => of.health(environment),
  unwatch: async (of, { environmentId }) => {
    await of.unwatch(environmentId);
    return undefined;
  },
  timeline: timelineOf,
  run: (of, { environmentId, runId }) => of.run(environmentId, runId),
  rejected: (of, { environmentId }) => of.rejected(environmentId),
  frames: (of, { environmentId }) => of.frames(environmentId),
  combinations: (of, { environmentId }) => of.combinations(environmentId),
  trial: async (of, { environmentId, combination, environment }) => {
    // Every transport is tried, whatever the environment says.
    await loadFor({ dialect: environment?.dialect ?? 'canonical', transport: 'socket.io' });
    return of.trial(environmentId, combination, environment);
  },
  cancelTrials: (of) => {
    of.cancelTrials();
    return undefined;
  },
  experiment: (of, { environmentId }) => of.experiment(environmentId),
  incident: atDesk('incident'),
  openCapture: atDesk('openCapture'),
  closeCapture: atDesk('closeCapture'),
  play: atDesk('play'),
  note: atDesk('note'),
  notes: atDesk('notes'),
  compare: atDesk('compare'),
  search: atDesk('search'),
  exportCapture: atDesk('exportCapture'),
  exportStatus: atDesk('exportStatus'),
  whys: atDesk('whys'),
  counts: (of) => of.counts(),
  report: (of, { environmentId, options }) => of.report(environmentId, options),
  records: (of, { environmentId }) => of.records(environmentId),
};

const sockets: SocketFactory = {
  ...browserSockets,
  get socketIo() {
    return socketIo;
  },
};

function start(environments: readonly Environment[]): void {
  monitor = new Monitor(environments, { clock: systemClock(), wall: wallTime, random: systemRandom(), sockets, fetch: fetch.bind(self), dialectOf: (dialect) => (dialect === 'canonical' ? canonical : otherDialects?.(dialect)) });
  self.addEventListener('offline', () => monitor?.online(false));
  self.addEventListener('online', () => monitor?.online(true));
  setInterval(sendSnapshot, snapshotMs);
  sendSnapshot();
}

async function reply({ id, name, ask }: AnyAsk): Promise<void> {
  try {
    const answer = await answerOf(name, ask);
    self.postMessage({ kind: 'answer', id, name, answer }, { transfer: name === 'timeline' ? buffersOf(answer) : [] });
  } catch (error) {
    send({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
}

function answerOf<Name extends QuestionName>(name: Name, ask: Questions[Name]['ask']): Questions[Name]['answer'] | Promise<Questions[Name]['answer']> {
  if (monitor === undefined) throw new Error('The monitor has not started.');
  return answers[name](monitor, ask);
}

function buffersOf(slice: unknown): Transferable[] {
  if (typeof slice !== 'object' || slice === null) return [];
  return Object.values(slice).flatMap((value) => (ArrayBuffer.isView(value) ? (value.buffer instanceof ArrayBuffer ? [value.buffer] : []) : Array.isArray(value) ? [] : buffersOf(value)));
}

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case 'start':
      // A second monitor would open every connection twice.
      if (monitor === undefined) start(data.environments);
      break;
    case 'taken':
      taken = true;
      break;
    case 'visible':
      monitor?.visible(data.visible);
      break;
    case 'archive-line':
      if (monitor !== undefined) archive ??= startArchive(monitor, data.line);
      break;
    case 'timeline-line':
      // Past the page, which a frame of the timeline then does not wait for.
      data.line.onmessage = async ({ data: ask }: MessageEvent<TimelineAsk>) => {
        const slice = monitor === undefined ? undefined : await timelineOf(monitor, ask);
        data.line.postMessage(slice, buffersOf(slice));
      };
      break;
    case 'ask':
      void reply(data);
      break;
  }
});
