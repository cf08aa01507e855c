import type { ArchiveAnswer, ArchiveQuestionName, ArchiveQuestions } from './archive-questions.ts';

/** Asks the archive over a line to it. Rejects with what went wrong, in words; waits for ever where no answer comes. */
export type ArchiveAsker = <Name extends ArchiveQuestionName>(name: Name, ask: ArchiveQuestions[Name]['ask'], transfer?: Transferable[]) => Promise<ArchiveQuestions[Name]['answer']>;

/** What a `Worker` and a `MessagePort` have in common. */
export interface ArchiveLine {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
}

export function archiveAsker(line: ArchiveLine): ArchiveAsker {
  const waiting = new Map<number, (message: ArchiveAnswer) => void>();
  let asked = 0;
  line.onmessage = ({ data }: MessageEvent<ArchiveAnswer>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  return <Name extends ArchiveQuestionName>(name: Name, ask: ArchiveQuestions[Name]['ask'], transfer: Transferable[] = []) =>
    new Promise<ArchiveQuestions[Name]['answer']>((resolve, reject) => {
      asked += 1;
      waiting.set(asked, (message) => {
        if ('failed' in message) reject(new Error(message.failed));
        else resolve(message.answer);
      });
      line.postMessage({ id: asked, name, ask }, transfer);
    });
}
