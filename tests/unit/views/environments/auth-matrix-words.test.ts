import { describe, expect, test } from 'vitest';
import { durationMs } from '#base/units.ts';
import { carriages, trialTransports, whyImpossible } from '#connection/combination.ts';
import { environmentSchema } from '#environment/schema.ts';
import { trialCells, type TrialAnswer, type TrialCell } from '#monitor/trials.ts';
import { answerSentence, combinationName, keyOf, readCell, summaryOf } from '#views/environments/auth-matrix-words.ts';

type Combination = TrialCell['combination'];

const cellsOf = (auth: object): readonly TrialCell[] => trialCells(environmentSchema.parse({ id: 'e', transport: 'socket.io', eventsUrl: 'https://h', auth }));
const cells = cellsOf({ method: 'token', token: 't' });
const cell = (transport: Combination['transport'], carriage: Combination['carriage']): TrialCell => {
  const found = cells.find(({ combination }) => combination.transport === transport && combination.carriage === carriage);
  if (found === undefined) throw new Error('there is such a cell');
  return found;
};
const works = (user: string | null = 'u'): TrialAnswer => ({ kind: 'works', ms: durationMs(96), transport: 'websocket', user });
const failed = (changes: object = {}): TrialAnswer => ({ kind: 'failed', stage: 'handshake', reason: 'auth-refused', ms: durationMs(20), code: null, status: null, words: 'no', message: 'It was refused ("no").', remedy: 'Look.', ...changes });
/** What a round of answers comes to. */
const summary = (answer: (combination: Combination) => TrialAnswer, of = cells): string =>
  summaryOf(of, new Map(of.filter(({ impossible }) => impossible === null).map(({ combination }) => [keyOf(combination), answer(combination)]))).join(' ');

describe('a cell', () => {
  test.each([
    ['works', cell('socketio-polling', 'auth'), works(), { tone: 'works', word: 'works', detail: '96 ms' }],
    ['works, in use', cell('socketio-websocket', 'auth'), works(), { tone: 'works', word: 'in use', detail: '96 ms' }],
    ['is never upgraded', cell('socketio-upgrade', 'auth'), { ...works(), transport: 'polling' }, { tone: 'works', word: 'works', detail: 'no upgrade' }],
    ['lets anybody in', cell('websocket', 'none'), works(null), { tone: 'unlocked', word: 'lets in', detail: '96 ms' }],
    ['says nothing', cell('websocket', 'query'), { kind: 'unanswered', ms: durationMs(5000), transport: 'websocket' }, { tone: 'unknown', word: 'silent', detail: 'open 5.00 s' }],
    ['is refused by its status', cell('socketio-polling', 'none'), failed({ status: 401 }), { tone: 'refused', word: 'refused', detail: 'HTTP 401' }],
    ['is refused by its code', cell('websocket', 'none'), failed({ stage: 'open', reason: 'closed-by-server', code: 4401 }), { tone: 'refused', word: 'refused', detail: '4401' }],
    ['is closed', cell('websocket', 'message'), failed({ stage: 'open', reason: 'closed-by-server', ms: durationMs(5000) }), { tone: 'refused', word: 'closed', detail: 'in 5.00 s' }],
    ['does not work, and is in use', cell('socketio-websocket', 'auth'), failed(), { tone: 'broken', word: 'refused', detail: 'handshake' }],
    ['has no token', cell('websocket', 'query'), failed({ stage: 'login', status: 401 }), { tone: 'refused', word: 'login refused', detail: 'HTTP 401' }],
    ['has a login that fails', cell('websocket', 'query'), failed({ stage: 'login', reason: 'login-failed', status: 500 }), { tone: 'refused', word: 'login failed', detail: 'HTTP 500' }],
    ['is not answered', cell('websocket', 'query'), failed({ reason: 'timeout', ms: durationMs(5000) }), { tone: 'refused', word: 'no answer', detail: 'in 5.00 s' }],
    ['is cut off', cell('websocket', 'query'), failed({ reason: 'connection-lost', code: 1006 }), { tone: 'refused', word: 'lost', detail: '1006' }],
    ['finds no socket', cell('websocket', 'query'), failed({ stage: 'connection', reason: 'socket-limit' }), { tone: 'refused', word: 'no socket left', detail: 'in 20 ms' }],
    ['is not there', cell('websocket', 'query'), failed({ stage: 'connection', reason: 'unreachable' }), { tone: 'refused', word: 'failed', detail: 'in 20 ms' }],
    ['was cancelled', cell('websocket', 'query'), { kind: 'cancelled' }, { tone: 'none', word: 'not tried', detail: '' }],
  ] as const)('that %s', (_, of, answer, reading) => {
    expect(readCell(of, answer as TrialAnswer, true)).toEqual(reading);
  });

  test('that cannot be tried says why', () => {
    expect(readCell(cell('socketio-polling', 'subprotocol'), 'untried', true).word).toBe('not possible');
    expect(readCell({ ...cell('websocket', 'query'), impossible: 'no-token' }, 'untried', false).word).toBe('no token');
  });

  test('before its answer says which is in use, and what it waits for', () => {
    const used = cell('socketio-websocket', 'auth');
    const other = cell('websocket', 'query');
    expect([readCell(used, 'untried', true), readCell(used, 'waiting', true), readCell(other, 'untried', true), readCell(other, 'waiting', true)].map(({ word, detail }) => [word, detail])).toEqual([
      ['in use', 'not tried'],
      ['in use', 'waiting'],
      ['not tried', ''],
      ['waiting', ''],
    ]);
    expect(readCell(other, 'trying', true)).toMatchObject({ tone: 'trying' });
  });

  test('is no open door where there is no sign-in', () => {
    expect(readCell(cell('websocket', 'none'), works(), false).tone).toBe('works');
  });
});

describe('the summary', () => {
  const refusesNone = ({ carriage }: Combination): TrialAnswer => (carriage === 'none' || carriage === 'message' ? failed() : works());

  test('of a target as it should be', () => {
    expect(summary(refusesNone)).toBe(
      'All four would also take the token in the query. That stays off, because query strings end up in access logs. Without a token all four refuse, as they should.',
    );
  });

  test('counts only what works', () => {
    const onePlace = summary((combination) => (combination.carriage === 'query' && combination.transport !== 'websocket' ? failed() : refusesNone(combination)));
    expect(onePlace).toMatch(/^One of four would also take the token in the query\./);
    expect(summary(({ carriage }) => (carriage === 'auth' ? works() : failed()))).toBe('Without a token all four refuse, as they should.');
    const partly = new Map<string, TrialAnswer>([[keyOf({ transport: 'websocket', carriage: 'query' }), works()], [keyOf({ transport: 'websocket', carriage: 'none' }), failed()]]);
    expect(summaryOf(cells, partly).join(' ')).toBe('The one would also take the token in the query. That stays off, because query strings end up in access logs. Without a token the one refuses, as it should.');
    expect(summaryOf(cells, new Map())).toEqual([]);
  });

  test('warns of a token that is in the query already', () => {
    expect(summary(refusesNone, cellsOf({ method: 'token', token: 't', carry: 'query' }))).toMatch(/^The token goes in the query, and query strings end up in access logs\./);
  });

  test('says that anybody is let in, and that a token then proves little', () => {
    expect(summary(() => works(null))).toMatch(/Without a token all four let anybody in, so where the welcome names nobody, a token that works need not have been read\.$/);
    expect(summary(() => works('u'))).toMatch(/Without a token all four let anybody in\.$/);
    expect(summary(({ transport, carriage }) => (carriage === 'none' && transport !== 'websocket' ? failed() : works('u')))).toMatch(/Without a token one of four lets anybody in\.$/);
  });

  test('does not call it a refusal that nobody was there', () => {
    expect(summary(() => failed({ reason: 'unreachable', message: 'h did not accept the connection.' }))).toBe('The one in use does not work: h did not accept the connection.');
  });

  test('without a sign-in has nothing to say of tokens', () => {
    expect(summary(() => works(null), cellsOf({ method: 'none' }))).toBe('It is used without a sign-in, so there is no token to carry.');
  });
});

describe('the words', () => {
  test('name every combination differently', () => {
    const names = trialTransports.flatMap((transport) => carriages.map((carriage) => combinationName({ transport, carriage })));
    expect(new Set(names).size).toBe(20);
    expect(names).toContain('socket.io, polling only, token in query');
    expect(whyImpossible(environmentSchema.parse({ id: 'e', transport: 'websocket', eventsUrl: 'ws://h' }), { transport: 'websocket', carriage: 'none' })).toBeUndefined();
  });

  test.each([
    [works(), 'Welcomed in 96 ms over websocket as u.'],
    [works(null), 'Welcomed in 96 ms over websocket; the welcome names nobody.'],
    [failed(), 'It was refused ("no"). Look.'],
    [{ kind: 'unanswered', ms: durationMs(5000), transport: 'polling' }, 'It stayed open over polling for 5.00 s, and nothing came: whether the sign-in was taken is not known.'],
    [{ kind: 'cancelled' }, 'Not tried.'],
    [{ kind: 'not-started', problem: { reason: 'missing-values', message: 'It needs a value.', remedy: '' } }, 'It needs a value.'],
  ] as const)('say of %j what it means', (answer, sentence) => {
    expect(answerSentence(answer)).toBe(sentence);
  });
});
