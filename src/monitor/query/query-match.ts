import { eventFlags } from '#store/event-flags.ts';
import { violationKinds, type Run } from '#runs/run.ts';
import type { Comparison, Moment, Pattern, Query, Term } from './query.ts';
import { wireText, type QuerySubject } from './query-subject.ts';
import type { FlagWord, NameField } from './query-words.ts';
import { Wildcard } from './wildcard.ts';

/**
 * What can be said of a term: it holds, it does not, or nobody knows, as what it asks for is gone, or as a run by itself has no latency.
 * Kleene's logic: of terms that must all hold the least decides, of terms of which one must hold the greatest.
 */
export const truth = { no: 0, unknown: 1, yes: 2 } as const;
export type Truth = (typeof truth)[keyof typeof truth];

/** Says of a subject whether a query holds. */
export type QueryTest = (subject: QuerySubject) => Truth;

export interface CompiledQuery {
  readonly test: QueryTest;
  /** A term asks for `QuerySubject.gapMs`. */
  readonly usesGaps: boolean;
  /** Whether a test may have to read what came off the wire. */
  readonly readsTexts: boolean;
}

/** What a term costs, in steps that are an order of magnitude apart: the cheap ones are asked first, and most often decide. */
const costs = { columns: 0, run: 1, gap: 2, text: 3, frame: 4 } as const;
type Cost = (typeof costs)[keyof typeof costs];

interface Costed {
  readonly test: QueryTest;
  readonly cost: Cost;
}

/**
 * Makes a query ready to be asked of many subjects.
 * @param remember wraps the terms that read what came, where the same events are asked of again and again
 */
export function compileQuery(query: Query, remember: (test: QueryTest) => QueryTest = (test) => test): CompiledQuery {
  let usesGaps = false;
  let readsTexts = false;
  const compile = (part: Query): Costed => {
    switch (part.kind) {
      case 'and':
      case 'or': {
        const parts = part.parts.map(compile).toSorted((left, right) => left.cost - right.cost);
        const tests = parts.map(({ test }) => test);
        return { test: part.kind === 'and' ? allOf(tests) : anyOf(tests), cost: parts.at(-1)?.cost ?? costs.columns };
      }
      case 'not': {
        const { test, cost } = compile(part.part);
        return { test: (subject) => opposite[test(subject)], cost };
      }
      default: {
        const { test, cost } = compileTerm(part);
        usesGaps ||= cost === costs.gap;
        readsTexts ||= cost >= costs.text;
        return { test: cost >= costs.text ? remember(test) : test, cost };
      }
    }
  };
  const { test } = compile(query);
  return { test, usesGaps, readsTexts };
}

const opposite = [truth.yes, truth.unknown, truth.no] as const;
const truthOf = (holds: boolean): Truth => (holds ? truth.yes : truth.no);

const allOf =
  (tests: readonly QueryTest[]): QueryTest =>
  (subject) => {
    let least: Truth = truth.yes;
    for (const test of tests) {
      const found = test(subject);
      if (found === truth.no) return truth.no;
      if (found < least) least = found;
    }
    return least;
  };

const anyOf =
  (tests: readonly QueryTest[]): QueryTest =>
  (subject) => {
    let greatest: Truth = truth.no;
    for (const test of tests) {
      const found = test(subject);
      if (found === truth.yes) return truth.yes;
      if (found > greatest) greatest = found;
    }
    return greatest;
  };

function compileTerm(term: Term): Costed {
  switch (term.kind) {
    case 'name':
      return compileName(term.field, term.pattern);
    case 'text':
      return { test: textTest(term.pattern), cost: costs.text };
    case 'duration': {
      const fits = durationFits(term.comparison);
      if (term.field === 'latency') return { test: ofEvent(({ event }) => truthOf(fits(event.latencyMs))), cost: costs.columns };
      return { test: ofEvent(({ gapMs }) => (gapMs === undefined ? truth.unknown : truthOf(fits(gapMs)))), cost: costs.gap };
    }
    case 'time': {
      const fits = timeFits(term.comparison);
      return { test: ofEvent(({ event }) => truthOf(fits(event.at))), cost: costs.columns };
    }
    case 'flag':
      return compileFlag(term.word);
  }
}

/** Of a run by itself nobody knows what its events say. */
const ofEvent =
  (test: QueryTest): QueryTest =>
  (subject) =>
    subject.row < 0 ? truth.unknown : test(subject);

/** What belongs to no run does not fit; of a forgotten run nobody knows. */
const ofRun =
  (test: (run: Run) => boolean): QueryTest =>
  (subject) => {
    if (subject.event.run < 0) return truth.no;
    const { run } = subject;
    return run === undefined ? truth.unknown : truthOf(test(run));
  };

function compileName(field: NameField, pattern: Pattern): Costed {
  const fits = nameFits(pattern);
  switch (field) {
    case 'type':
      return { test: ofEvent(({ type }) => truthOf(fits(type))), cost: costs.columns };
    case 'disposition': {
      return { test: ofEvent(({ event }) => truthOf(fits(dispositionOf(event.flags)))), cost: costs.columns };
    }
    case 'user':
      return { test: ({ user }) => truthOf(user !== undefined && fits(user)), cost: costs.columns };
    case 'connection':
      return { test: ({ connection }) => truthOf(fits(connection) || fits(connection.slice(connection.lastIndexOf('#')))), cost: costs.columns };
    case 'run':
      return { test: runNamed(fits), cost: costs.run };
    case 'thread':
      return { test: ofRun(({ thread }) => thread !== undefined && fits(thread)), cost: costs.run };
    case 'status':
      return { test: ofRun(({ status }) => fits(status)), cost: costs.run };
    case 'fault':
      return { test: ofRun(({ fault }) => fits(fault)), cost: costs.run };
    case 'violation':
      return { test: ofRun((run) => violationKinds.some((kind) => fits(kind) && violates(run, kind))), cost: costs.run };
    case 'tool':
      return { test: fromFrame(({ tool }) => tool !== undefined && fits(tool)), cost: costs.frame };
    case 'agent':
      return { test: fromFrame(({ agent }) => agent !== undefined && fits(agent)), cost: costs.frame };
  }
}

/** What a running run lacks may still come: it is no violation yet. */
export const violates = (run: Run, kind: (typeof violationKinds)[number]): boolean => (run.closedAt !== undefined || kind === 'duplicate') && run.violation(kind) > 0;

/** By any of its ids; of a forgotten run the one by which it was known remains. */
const runNamed =
  (fits: (name: string) => boolean): QueryTest =>
  (subject) => {
    const { run, event, recording } = subject;
    if (event.run < 0) return truth.no;
    if (run !== undefined) return truthOf(fits(run.id) || run.names.some(fits));
    const id = recording.store.runs.id(event.run);
    return id === undefined ? truth.unknown : truthOf(fits(id));
  };

const fromFrame = (test: (event: { readonly tool: string | undefined; readonly agent: string | undefined }) => boolean): QueryTest =>
  ofEvent((subject) => {
    const events = subject.decoded();
    return events === undefined ? truth.unknown : truthOf(events.some(test));
  });

const dispositions = [
  ['duplicate', eventFlags.duplicate],
  ['late', eventFlags.late],
  ['cross-talk', eventFlags.crossTalk],
  ['echo', eventFlags.echo],
  ['orphan', eventFlags.orphan],
] as const;

export const dispositionOf = (flags: number): string => dispositions.find(([, flag]) => (flags & flag) !== 0)?.[0] ?? 'attributed';

function compileFlag(word: FlagWord): Costed {
  const flagged = (flag: number): Costed => ({ test: ofEvent(({ event }) => truthOf((event.flags & flag) !== 0)), cost: costs.columns });
  switch (word) {
    case 'late':
    case 'duplicate':
    case 'orphan':
    case 'echo':
    case 'recovered':
      return flagged(eventFlags[word]);
    case 'leaked':
      return flagged(eventFlags.crossTalk);
    case 'lossy':
      return { test: ofRun(({ status }) => status === 'incomplete'), cost: costs.run };
    case 'unpaired':
      return { test: ofEvent(unpaired), cost: costs.run };
  }
}

/** One of a pair of the contract whose other half its run lacks: nobody knows which of several calls it was that was not answered. */
function unpaired(subject: QuerySubject): Truth {
  const role = subject.recording.engine.rules.roles.get(subject.type);
  if (role === undefined || (role.opens.length === 0 && role.answers.length === 0) || subject.event.run < 0) return truth.no;
  const { run } = subject;
  if (run === undefined) return truth.unknown;
  if (run.closedAt === undefined) return truth.no;
  const { missing } = run.delivery;
  return truthOf(role.opens.some(({ answers }) => missing.includes(answers)) || role.answers.some(({ opens }) => missing.includes(opens)));
}

const mostRemembered = 4096;

/** Names come again and again: each is looked at once. */
function nameFits(pattern: Pattern): (name: string) => boolean {
  const wildcard = new Wildcard(pattern, 'whole');
  const known = new Map<string, boolean>();
  return (name) => {
    let fits = known.get(name);
    if (fits === undefined) {
      if (known.size === mostRemembered) known.clear();
      known.set(name, (fits = wildcard.matches(name.toLowerCase())));
    }
    return fits;
  };
}

/** What stands in the place of a secret, and the space before it, may be found though it did not come. */
const redaction = 'redacted';
/** No pattern is so long that looking for its head one by one takes longer than looking once more. */
const headLength = 8;

/** What is looked for stands in what came, secrets taken out: only where it may is that done. */
function textTest(pattern: Pattern): QueryTest {
  const wildcard = new Wildcard(pattern, 'within');
  const longest = pattern.reduce((found, part) => (part.length > found.length ? part : found), '').toLowerCase();
  const head = longest.slice(0, headLength);
  const mayBeRedaction = redaction.includes(head) || /[[\]\s]/.test(head);
  const holds = (line: string): boolean => {
    const maySpellOtherwise = mayBeRedaction || line.includes('\\u') || line.includes('\\/');
    return (maySpellOtherwise || line.toLowerCase().includes(head)) && wildcard.matches(wireText(line).toLowerCase());
  };
  // The events of a batch come one behind the other, in one line.
  let last = '';
  let lastHolds = false;
  return ofEvent(({ line }) => {
    if (line === undefined) return truth.unknown;
    if (line !== last) {
      lastHolds = holds(line);
      last = line;
    }
    return truthOf(lastHolds);
  });
}

function durationFits(comparison: Comparison<number>): (ms: number) => boolean {
  if (comparison.operator === '..') return (ms) => ms >= comparison.from && ms <= comparison.to;
  const { operator, limit } = comparison;
  switch (operator) {
    case '>':
      return (ms) => ms > limit;
    case '>=':
      return (ms) => ms >= limit;
    case '<':
      return (ms) => ms < limit;
    case '<=':
      return (ms) => ms <= limit;
  }
}

const dayMs = 86_400_000;

/** A moment lasts: `14:21Z` is the whole minute, and what is later than it comes after that. */
function timeFits(comparison: Extract<Term, { kind: 'time' }>['comparison']): (at: number) => boolean {
  if (comparison.operator === '..') return within(comparison.from, comparison.from.ms, endOf(comparison.to));
  const { operator, limit } = comparison;
  switch (operator) {
    case '=':
      return within(limit, limit.ms, endOf(limit));
    case '>':
      return within(limit, endOf(limit), Infinity);
    case '>=':
      return within(limit, limit.ms, Infinity);
    case '<':
      return within(limit, -Infinity, limit.ms);
    case '<=':
      return within(limit, -Infinity, endOf(limit));
  }
}

const endOf = ({ ms, lastsMs }: Moment): number => ms + lastsMs;

function within({ kind }: Moment, from: number, end: number): (at: number) => boolean {
  if (kind === 'instant') return (at) => at >= from && at < end;
  return (at) => at % dayMs >= from && at % dayMs < end;
}
