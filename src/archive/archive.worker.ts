import { Archive } from './archive.ts';
import type { AnyArchiveAsk, ArchiveAnswer, ArchiveAsk, ArchiveQuestionName } from './archive-questions.ts';
import { captureLocks } from './capture-locks.ts';
import { budgetBytes, openStore } from './open-store.ts';

/** The thread of the archive: it answers its page, and the monitor over a line of its own. */

const archive = openStore().then((store) => new Archive({ store, locks: captureLocks(), random: Math.random, budgetBytes }));

async function reply(ask: AnyArchiveAsk, answerTo: (answer: ArchiveAnswer, transfer: Transferable[]) => void): Promise<void> {
  const { id } = ask;
  try {
    const answer = await answerOf(ask);
    answerTo({ id, answer }, ask.name === 'earlier' ? buffersOf(answer) : []);
  } catch (error) {
    answerTo({ id, failed: error instanceof Error ? error.message : String(error) }, []);
  }
}

const answerOf = async <Name extends ArchiveQuestionName>({ name, ask }: ArchiveAsk<Name>) => (await archive).ask(name, ask);

const buffersOf = (answer: unknown): Transferable[] =>
  typeof answer === 'object' && answer !== null && 'pieces' in answer && Array.isArray(answer.pieces) ? answer.pieces.flatMap((piece: unknown) => (piece instanceof Uint8Array && piece.buffer instanceof ArrayBuffer ? [piece.buffer] : [])) : [];

self.addEventListener('message', ({ data }: MessageEvent<{ readonly line: MessagePort } | AnyArchiveAsk>) => {
  if (!('line' in data)) return void reply(data, (answer, transfer) => self.postMessage(answer, { transfer }));
  const { line } = data;
  line.onmessage = ({ data: ask }: MessageEvent<AnyArchiveAsk>) => void reply(ask, (answer, transfer) => line.postMessage(answer, transfer));
  return undefined;
});
