import type { DeskQuestionName, DeskQuestions } from './desk-questions.ts';
import { incidentReport } from './incident.ts';
import type { Monitor } from './monitor.ts';

type Answers = {
  readonly [Name in DeskQuestionName]: (monitor: Monitor, ask: DeskQuestions[Name]['ask']) => DeskQuestions[Name]['answer'] | Promise<DeskQuestions[Name]['answer']>;
};

/** Every question of somebody who looks closely, each answered by a module of its own. */
const answers: Answers = {
  incident: (monitor, { environmentId, from, to }) => {
    const recording = monitor.recording(environmentId);
    return recording === undefined ? undefined : incidentReport(recording, { from, to });
  },
  note: (monitor, { environmentId, note }) => {
    monitor.note(environmentId, note);
    return undefined;
  },
  notes: (monitor, { environmentId }) => monitor.recording(environmentId)?.notes ?? [],
};

export function answerAtDesk<Name extends DeskQuestionName>(monitor: Monitor, name: Name, ask: DeskQuestions[Name]['ask']): DeskQuestions[Name]['answer'] | Promise<DeskQuestions[Name]['answer']> {
  return answers[name](monitor, ask);
}
