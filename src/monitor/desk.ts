import { compare } from './comparison/comparison.ts';
import type { DeskQuestionName, DeskQuestions } from './desk-questions.ts';
import { cancelExport, exportCapture, exportStatus } from './export/export-capture.ts';
import { incidentReport } from './incident/incident.ts';
import type { Monitor } from './monitor.ts';
import type { OpenedCaptures } from './opened/opened-captures.ts';
import { createPace } from './pace.ts';
import { search } from './query/search.ts';

type Answers = {
  readonly [Name in DeskQuestionName]: (monitor: Monitor, ask: DeskQuestions[Name]['ask']) => DeskQuestions[Name]['answer'] | Promise<DeskQuestions[Name]['answer']>;
};

/** Every question of somebody who looks closely, each answered by a module of its own. */
const answers: Answers = {
  incident: (monitor, { environmentId, from, to }) => {
    const source = monitor.source(environmentId);
    if (source === undefined) return undefined;
    const { recording, blindNow, isPast } = source;
    return incidentReport(recording, { from, to }, { statuses: () => source.statuses(), blindNow, isPast, diagnosis: monitor.diagnosis(environmentId) });
  },
  note: (monitor, { environmentId, note }) => {
    monitor.note(environmentId, note);
    return undefined;
  },
  openCapture: async (monitor, { capture, name }) => (await capturesOf(monitor)).open(capture, name),
  closeCapture: (monitor, { environmentId }) => {
    monitor.opened?.close(environmentId);
    return undefined;
  },
  play: async (monitor, { environmentId, speed, at }) => {
    await monitor.opened?.play(environmentId, speed, at);
    return undefined;
  },
  notes: (monitor, { environmentId }) => monitor.recording(environmentId)?.notes ?? [],
  compare: (monitor, asked) => compare((environmentId) => monitor.recording(environmentId), asked),
  search: (monitor, { environmentId, ...asked }) => {
    const recording = monitor.recording(environmentId);
    return recording === undefined ? { kind: 'dropped' } : search(recording, asked, createPace(monitor.clock));
  },
  exportCapture: (monitor, asked) => {
    const recording = monitor.recording(asked.environmentId);
    if (recording === undefined) return { kind: 'nothing' };
    return exportCapture(recording, asked, { pace: createPace(monitor.clock), isWatched: monitor.opened?.source(asked.environmentId) === undefined });
  },
  exportStatus: (monitor, { environmentId, cancel }) => {
    const recording = monitor.recording(environmentId);
    if (recording === undefined) return { share: null };
    if (cancel === true) cancelExport(recording);
    return exportStatus(recording);
  },
  whys: async (monitor, { environmentId, ...asked }) => {
    const { whysReport } = await import('./whys/whys.ts');
    const source = monitor.source(environmentId);
    if (source === undefined) return undefined;
    const present = { statuses: () => source.statuses(), blindNow: source.blindNow, isPast: source.isPast, diagnosis: monitor.diagnosis(environmentId) };
    return whysReport(source.recording, { ...asked, present });
  },
};

/** All dialects come with the first capture that is opened. */
async function capturesOf(monitor: Monitor): Promise<OpenedCaptures> {
  const { OpenedCaptures: Captures } = await import('./opened/opened-captures.ts');
  monitor.opened ??= new Captures(monitor.clock);
  return monitor.opened;
}

export function answerAtDesk<Name extends DeskQuestionName>(monitor: Monitor, name: Name, ask: DeskQuestions[Name]['ask']): DeskQuestions[Name]['answer'] | Promise<DeskQuestions[Name]['answer']> {
  return answers[name](monitor, ask);
}
