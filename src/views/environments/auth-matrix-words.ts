import type { TrialAnswer, TrialCell } from '#monitor/trials.ts';
import { formatDuration } from '#views/parts/format.ts';

type Combination = TrialCell['combination'];

/** What is known of one cell: nothing yet, that it waits or is being tried, or its answer. */
export type CellState = TrialAnswer | 'untried' | 'waiting' | 'trying';

/** How a cell is drawn; each tone has a shape, a colour and words. */
export type CellTone =
  | 'works'
  /** An expected refusal: it is not in use, and need not work. */
  | 'refused'
  /** The one in use does not work. */
  | 'broken'
  /** It works without a token where there is a sign-in. */
  | 'unlocked'
  /** Open, and silent: nobody can say. */
  | 'unknown'
  | 'trying'
  | 'none';

export interface CellReading {
  readonly tone: CellTone;
  readonly word: string;
  readonly detail: string;
}

export const keyOf = ({ transport, carriage }: Combination): string => `${transport} ${carriage}`;

export const transportNames: Readonly<Record<Combination['transport'], readonly [name: string, note: string]>> = {
  'socketio-websocket': ['socket.io', 'websocket only'],
  'socketio-polling': ['socket.io', 'polling only'],
  'socketio-upgrade': ['socket.io', 'polling, then upgrade'],
  websocket: ['websocket', 'plain'],
};

export const carriageNames: Readonly<Record<Combination['carriage'], string>> = {
  none: 'none',
  auth: 'token in auth',
  subprotocol: 'token in subprotocol',
  query: 'token in query',
  message: 'token in first message',
};

/** `socket.io, polling only, token in query` */
export const combinationName = ({ transport, carriage }: Combination): string =>
  `${transportNames[transport].join(', ')}, ${carriage === 'none' ? 'no token' : carriageNames[carriage]}`;

/** What a cell says. `hasSignIn`: the environment has a token to show. */
export function readCell({ combination, inUse, impossible }: TrialCell, state: CellState, hasSignIn: boolean): CellReading {
  if (impossible !== null) return { tone: 'none', word: impossible === 'no-token' ? 'no token' : 'not possible', detail: '' };
  if (state === 'trying') return { tone: 'trying', word: 'trying …', detail: '' };
  if (state === 'waiting') return { tone: 'none', word: inUse ? 'in use' : 'waiting', detail: inUse ? 'waiting' : '' };
  if (state === 'untried') return { tone: 'none', word: inUse ? 'in use' : 'not tried', detail: inUse ? 'not tried' : '' };
  switch (state.kind) {
    case 'works': {
      const stayed = combination.transport === 'socketio-upgrade' && state.transport === 'polling';
      const tone = combination.carriage === 'none' && hasSignIn ? 'unlocked' : 'works';
      return { tone, word: inUse ? 'in use' : tone === 'unlocked' ? 'lets in' : 'works', detail: stayed ? 'no upgrade' : formatDuration(state.ms) };
    }
    case 'unanswered':
      return { tone: 'unknown', word: inUse ? 'in use' : 'silent', detail: `open ${formatDuration(state.ms)}` };
    case 'failed':
      return { tone: inUse ? 'broken' : 'refused', word: failureWord(state), detail: failureDetail(state) };
    case 'impossible':
    case 'cancelled':
    case 'not-started':
      return { tone: 'none', word: 'not tried', detail: '' };
  }
}

type Failure = Extract<TrialAnswer, { readonly kind: 'failed' }>;

function failureWord({ stage, reason, code }: Failure): string {
  if (stage === 'login') return reason === 'auth-refused' ? 'login refused' : 'login failed';
  switch (reason) {
    case 'auth-refused':
    case 'session-expired':
    case 'handshake-refused':
      return 'refused';
    case 'closed-by-server':
      // Codes of one's own that take up HTTP's: 4401, 4403.
      return code === 4401 || code === 4403 ? 'refused' : 'closed';
    case 'timeout':
      return 'no answer';
    case 'connection-lost':
      return 'lost';
    case 'socket-limit':
      return 'no socket left';
    default:
      return 'failed';
  }
}

/** What tells most of what there is: a code, a status, where a middleware refused, or how long it took. */
function failureDetail({ code, status, stage, reason, ms }: Failure): string {
  if (code !== null) return String(code);
  if (status !== null) return `HTTP ${status}`;
  return stage === 'handshake' && reason !== 'timeout' ? 'handshake' : `in ${formatDuration(ms)}`;
}

/** What a trial's answer says in a sentence. */
export function answerSentence(answer: TrialAnswer): string {
  switch (answer.kind) {
    case 'works':
      return `Welcomed in ${formatDuration(answer.ms)} over ${answer.transport}${answer.user === null ? '; the welcome names nobody' : ` as ${answer.user}`}.`;
    case 'unanswered':
      return `It stayed open over ${answer.transport} for ${formatDuration(answer.ms)}, and nothing came: whether the sign-in was taken is not known.`;
    case 'failed':
      return `${answer.message} ${answer.remedy}`;
    case 'impossible':
    case 'cancelled':
      return 'Not tried.';
    case 'not-started':
      return answer.problem.message;
  }
}

const numbers = ['none', 'one', 'two', 'three', 'four'];

/** `all four`, `two of four`, `the one`. */
function share(part: number, whole: number): string {
  if (part === whole) return whole === 1 ? 'the one' : whole === 2 ? 'both' : `all ${numbers[whole]}`;
  return `${numbers[part]} of ${numbers[whole]}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** One refuses, two refuse. */
const s = (part: number): string => (part === 1 ? 's' : '');

/**
 * What the results come to, a sentence each: whether the one in use works, whether the query would, and what happens without a token.
 * Only what was tried is spoken of.
 */
export function summaryOf(cells: readonly TrialCell[], answers: ReadonlyMap<string, TrialAnswer>): string[] {
  const used = cells.find(({ inUse }) => inUse);
  const usedAnswer = used === undefined ? undefined : answers.get(keyOf(used.combination));
  const sentences: string[] = [];
  if (used !== undefined && usedAnswer?.kind === 'failed') sentences.push(`The one in use does not work: ${usedAnswer.message}`);
  if (used?.combination.carriage === 'none') return [...sentences, 'It is used without a sign-in, so there is no token to carry.'];

  const query = tried(cells, answers, 'query');
  const takes = query.filter(({ kind }) => kind === 'works').length;
  if (used?.combination.carriage === 'query') sentences.push('The token goes in the query, and query strings end up in access logs.');
  else if (takes > 0) sentences.push(`${capital(share(takes, query.length))} would also take the token in the query. That stays off, because query strings end up in access logs.`);

  const none = tried(cells, answers, 'none');
  const open = none.filter(({ kind }) => kind === 'works').length;
  if (none.length > 0 && none.every((answer) => answer.kind === 'failed' && isRefusal(answer))) {
    sentences.push(`Without a token ${share(none.length, none.length)} refuse${s(none.length)}, as ${none.length === 1 ? 'it' : 'they'} should.`);
  } else if (open > 0) {
    const unproven = [...answers.entries()].some(([key, answer]) => !key.endsWith(' none') && answer.kind === 'works' && answer.user === null);
    sentences.push(`Without a token ${share(open, none.length)} let${s(open)} anybody in${unproven ? ', so where the welcome names nobody, a token that works need not have been read' : ''}.`);
  }
  return sentences;
}

const tried = (cells: readonly TrialCell[], answers: ReadonlyMap<string, TrialAnswer>, carriage: Combination['carriage']): TrialAnswer[] =>
  cells
    .filter(({ combination, impossible }) => combination.carriage === carriage && impossible === null)
    .flatMap(({ combination }) => answers.get(keyOf(combination)) ?? [])
    .filter(({ kind }) => kind === 'works' || kind === 'failed' || kind === 'unanswered');

const isRefusal = (answer: Failure): boolean => failureWord(answer) === 'refused' || failureWord(answer) === 'closed';
