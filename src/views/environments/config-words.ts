import type { FileCheck } from '#environment/file-check.ts';
import { formatCount } from '#views/parts/format.ts';

/** What the text in the editor is. */
export type Origin =
  /** The file that the monitor was started from. */
  | { readonly kind: 'in-use' }
  /** A file that the server has by now in its place. */
  | { readonly kind: 'served' }
  /** A file of this machine. */
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'written' };

export interface Standing {
  readonly tone: 'in-use' | 'faulty' | 'ready';
  readonly title: string;
  readonly text: string;
}

const things = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`;

/** Whether the text is in use, could be, or is wrong; and what then stays in use. `usedSince`: the time of the file in use. */
export function standingOf(origin: Origin, { faults, environments }: FileCheck, usedSince: string): Standing {
  if (faults.length > 0) {
    const what = origin.kind === 'local' ? origin.name : origin.kind === 'written' ? 'this text' : 'the changed file';
    return { tone: 'faulty', title: `${things(faults.length, 'fault')}, so ${what} is not applied.`, text: `The file of ${usedSince} stays in use, whole.` };
  }
  if (origin.kind === 'in-use') return { tone: 'in-use', title: 'In use, and without a fault.', text: `The file of ${usedSince}, ${things(environments, 'environment')}.` };
  const title = `No fault in ${things(environments, 'environment')}. It is not in use yet.`;
  // The page may reach only what the policy of its own file allows, so a new file begins a new page.
  if (origin.kind === 'served') return { tone: 'ready', title, text: `The file of ${usedSince} stays in use until the page is loaded anew. What was counted is lost then.` };
  return { tone: 'ready', title, text: 'Export it, put it in the place of environments.json beside the page, and load the page anew. Its targets can be reached then, and not before.' };
}

/** `2 values are asked for: ${A}, ${B}, kept in memory only.` */
export const namesSentence = (names: readonly string[]): readonly [count: string, list: string] => [
  `${things(names.length, 'value')} ${names.length === 1 ? 'is' : 'are'} asked for:`,
  names.map((name) => `\${${name}}`).join(', '),
];

/** What a secret that is written out is told. */
export const secretAdvice = 'A secret is written out: everybody who opens the page can read it. Write ${NAME} in its place and keep it out of the file; the page asks for it then, and keeps it in memory only.';
