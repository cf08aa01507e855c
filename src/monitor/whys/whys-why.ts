import type { Evidence, Why } from './whys-report.ts';

/** A why with an answer, where there is something that it rests on; else a question for people. */
export function why(question: string, answer: string | null, evidence: readonly Evidence[]): Why {
  const [first, ...more] = evidence;
  return answer === null || first === undefined ? { open: true, question, answer: null, evidence } : { open: false, question, answer, evidence: [first, ...more] };
}
