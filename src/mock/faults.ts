import { assertNever } from '#base/assert.ts';
import type { Random } from '#base/random.ts';
import { pick, writeScript, type RunIdentity, type ScriptedEvent } from './agent-script.ts';
import type { RunScenario } from './scenarios.ts';

/** How a frame that nobody can decode is spoilt. */
export const garbageForms = ['text', 'binary', 'no-type'] as const;
export type GarbageForm = (typeof garbageForms)[number];

/** One thing that the target does during a run, `delayMs` after the one before it (the first: after the trigger). */
export type Action = { readonly delayMs: number } & (
  | { readonly kind: 'send'; readonly event: ScriptedEvent; readonly late?: true; readonly again?: true }
  /** Several events in one frame. */
  | { readonly kind: 'batch'; readonly events: readonly ScriptedEvent[] }
  /** A copy of an event goes to a connection of another user. */
  | { readonly kind: 'leak'; readonly event: ScriptedEvent }
  | { readonly kind: 'garbage'; readonly form: GarbageForm }
  /** The TCP connection breaks without a close frame; `rest` is re-sent after the user has reconnected. */
  | { readonly kind: 'drop'; readonly rest: readonly ScriptedEvent[] }
  /** The user's token runs out, and the connection is closed for it. */
  | { readonly kind: 'expire' }
  /** The connection stays open, and nothing at all comes over it any more. */
  | { readonly kind: 'silence' }
  /** The run stops for good; the connection lives on. */
  | { readonly kind: 'stall' }
);

export interface RunPlan {
  /** The types of the agent's events in order, whatever becomes of them on the way. */
  readonly planned: readonly string[];
  readonly actions: readonly Action[];
  /** What is wrong, in a sentence; empty for a sound run. */
  readonly fault: string;
  /** True where each event spells its sentAt in another way. */
  readonly mixedTimes: boolean;
}

export interface PlanOptions {
  /** Multiplies the agent's own delays; waits that are meant to outlast a deadline of the client are not compressed. */
  readonly pace: number;
  /** How long a client listens on after the terminal event, in milliseconds. */
  readonly settleMs: number;
  /** How long a client waits for the first event, in milliseconds. */
  readonly firstEventTimeoutMs: number;
  /** Size of the payload of a huge event. */
  readonly hugeBytes: number;
}

/** By how much a wait that is meant to outlast a client's deadline outlasts it. */
const marginMs = 300;
/** A dumped run's events were made over at least this time, in milliseconds; a client speaks of dumping from 1000 on. */
const dumpedSpanMs = 1200;

/** What the target will do for one run: its script, spoilt as the scenario says. The same random numbers give the same plan. */
export function planRun(scenario: RunScenario, identity: RunIdentity, random: Random, options: PlanOptions): RunPlan {
  const script = writeScript(identity, random, {
    pace: options.pace,
    ...(scenario === 'no-tools' ? { tools: 0 } : {}),
    ...(scenario === 'agent-error' ? { ending: 'agent_error' as const } : {}),
    nested: scenario === 'nested-agents',
  });
  const plan = (fault: string, actions: readonly Action[]): RunPlan => ({
    planned: script.map((event) => event.type),
    actions,
    fault,
    mixedTimes: scenario === 'mixed-time-units',
  });
  const shortMs = 10 * options.pace;

  switch (scenario) {
    case 'healthy':
    case 'nested-agents':
      return plan('', script.map(send));
    case 'mixed-time-units':
      return plan('sentAt changes its unit from event to event', script.map(send));
    case 'agent-error':
      return plan('the agent fails', script.map(send));
    case 'no-tools':
      return plan('the agent uses no tool', script.map(send));
    case 'missing-event':
      return withoutOne(pick(script, random));
    case 'missing-tool-completed':
      return withoutOne(pick(ofType(script, 'tool_completed'), random));
    case 'duplicate': {
      const twice = pick(script, random);
      const actions = script.flatMap((event) => (event === twice ? [send(event), { kind: 'send' as const, event, again: true as const, delayMs: shortMs }] : [send(event)]));
      return plan(`${named(twice)} is sent twice`, actions);
    }
    case 'out-of-order': {
      const completed = pick(ofType(script, 'tool_completed'), random);
      return plan(`${named(completed)} is sent before its tool_executing`, swappedWithPrevious(script, completed).map(send));
    }
    case 'late': {
      const last = lastOf(script);
      // The run itself is whole: an agent that goes on thinking after it said that it was done.
      const seq = last.seq + 1;
      const after = { ...last, type: 'agent_thinking', seq, eventId: `${identity.prefix}-event-${seq}`, ageMs: 0, content: { thought: 'One more thing.' } };
      const late: Action = { kind: 'send', event: after, late: true, delayMs: options.settleMs + marginMs };
      return plan(`${named(after)} comes ${Math.round(late.delayMs)} ms after the run's end`, [...script.map(send), late]);
    }
    case 'slow-first-event': {
      const waitMs = options.firstEventTimeoutMs + marginMs;
      return plan(`the first event comes ${waitMs} ms after the trigger`, script.map((event, index) => (index === 0 ? { ...send(event), delayMs: waitMs } : send(event))));
    }
    case 'stall': {
      const count = Math.floor(random() * 3);
      return plan(`nothing comes after ${count} events`, [...script.slice(0, count).map(send), { kind: 'stall', delayMs: shortMs }]);
    }
    case 'silent': {
      const count = cutPoint();
      return plan(`the connection falls silent after ${count} events`, [...script.slice(0, count).map(send), { kind: 'silence', delayMs: shortMs }]);
    }
    case 'dumped':
      return plan('all events are held back and sent in one burst', burst(script));
    case 'cross-talk': {
      const leaked = pick(script.slice(1), random);
      const actions = script.flatMap((event) => (event === leaked ? [send(event), { kind: 'leak' as const, event, delayMs: 0 }] : [send(event)]));
      return plan(`a copy of ${named(leaked)} goes to another user`, actions);
    }
    case 'disconnect-mid-run': {
      const count = cutPoint();
      return plan(`the connection breaks after ${count} events`, [...script.slice(0, count).map(send), { kind: 'drop', rest: [], delayMs: shortMs }]);
    }
    case 'recovered-burst': {
      const count = cutPoint();
      const rest = script.slice(count);
      return plan(`the connection breaks after ${count} events; the rest is re-sent after a reconnect`, [...script.slice(0, count).map(send), { kind: 'drop', rest, delayMs: shortMs }]);
    }
    case 'expire-token': {
      const count = cutPoint();
      return plan(`the token runs out after ${count} events`, [...script.slice(0, count).map(send), { kind: 'expire', delayMs: shortMs }]);
    }
    case 'mislabelled':
      return plan('agent_thinking is sent as reasoning', script.map((event) => send(event.type === 'agent_thinking' ? { ...event, type: 'reasoning' } : event)));
    case 'malformed': {
      const spoilt = script.flatMap((event, index) => {
        const form = garbageForms[index];
        return form === undefined ? [send(event)] : [send(event), { kind: 'garbage' as const, form, delayMs: 0 }];
      });
      return plan('frames that nobody can decode come between the events', spoilt);
    }
    case 'huge': {
      const big = pick(ofType(script, 'tool_completed'), random);
      const content = { result: 'All work and no play. '.repeat(Math.ceil(options.hugeBytes / 22)).slice(0, options.hugeBytes) };
      return plan(`${named(big)} carries ${options.hugeBytes} bytes`, script.map((event) => send(event === big ? { ...event, content } : event)));
    }
    case 'batch':
      return plan('events come in batches', batches());
    default:
      return assertNever(scenario);
  }

  function withoutOne(lost: ScriptedEvent): RunPlan {
    // The time of the lost event passes all the same, so that its neighbours keep their hours.
    const actions: Action[] = [];
    let owedMs = 0;
    for (const event of script) {
      if (event === lost) owedMs = event.delayMs;
      else {
        actions.push({ ...send(event), delayMs: event.delayMs + owedMs });
        owedMs = 0;
      }
    }
    return plan(`${named(lost)} is never sent`, actions);
  }

  /** Somewhere after the first event and before the last one. */
  function cutPoint(): number {
    return 1 + Math.floor(random() * (script.length - 2));
  }

  function batches(): Action[] {
    const actions: Action[] = [];
    for (let from = 0; from < script.length; ) {
      const together = script.slice(from, from + 2 + Math.floor(random() * 2));
      let waitedMs = 0;
      const events = together.toReversed().map((event) => {
        const older = { ...event, ageMs: event.ageMs + waitedMs };
        waitedMs += event.delayMs;
        return older;
      });
      actions.push({ kind: 'batch', events: events.toReversed(), delayMs: waitedMs });
      from += together.length;
    }
    return actions;
  }
}

/** The same plan with everything `lateMs` later than it was made: each event says the time at which it would have left. */
export function heldBack(plan: RunPlan, lateMs: number): RunPlan {
  if (lateMs === 0) return plan;
  const older = (event: ScriptedEvent): ScriptedEvent => ({ ...event, ageMs: event.ageMs + lateMs });
  const actions = plan.actions.map((action, index): Action => {
    const delayMs = index === 0 ? action.delayMs + lateMs : action.delayMs;
    if (action.kind === 'send' || action.kind === 'leak') return { ...action, delayMs, event: older(action.event) };
    if (action.kind === 'batch') return { ...action, delayMs, events: action.events.map(older) };
    return { ...action, delayMs };
  });
  return { ...plan, actions, fault: `${plan.fault === '' ? '' : `${plan.fault}; `}every event leaves ${lateMs} ms after it was made` };
}

const send = (event: ScriptedEvent): Extract<Action, { kind: 'send' }> => ({ kind: 'send', event, delayMs: event.delayMs });
const named = (event: ScriptedEvent): string => `${event.type} (seq ${event.seq})`;
const ofType = (script: readonly ScriptedEvent[], type: string): readonly ScriptedEvent[] => script.filter((event) => event.type === type);

function lastOf(script: readonly ScriptedEvent[]): ScriptedEvent {
  const last = script.at(-1);
  if (last === undefined) throw new Error('Broken assumption: a script has events');
  return last;
}

/** `event` takes the place of the one before it, which then comes with an older sentAt. */
function swappedWithPrevious(script: readonly ScriptedEvent[], event: ScriptedEvent): ScriptedEvent[] {
  const swapped = [...script];
  const place = swapped.indexOf(event);
  const previous = swapped[place - 1];
  if (previous === undefined) return swapped;
  swapped[place - 1] = event;
  // Sent `previous.delayMs` after `event`, but made a little before it.
  swapped[place] = { ...previous, ageMs: previous.delayMs + event.ageMs + 0.1 * event.delayMs };
  return swapped;
}

/** All at once when the last one is due; the ages spread over `dumpedSpanMs` or more, however short the run really was. */
function burst(script: readonly ScriptedEvent[]): Action[] {
  const totalMs = script.reduce((sum, event) => sum + event.delayMs, 0);
  const firstDelayMs = script[0]?.delayMs ?? 0;
  const stretch = Math.max(1, dumpedSpanMs / (totalMs - firstDelayMs));
  let sinceFirstMs = -firstDelayMs;
  return script.map((event, index) => {
    sinceFirstMs += event.delayMs;
    const ageMs = stretch * (totalMs - firstDelayMs - sinceFirstMs);
    return { kind: 'send', event: { ...event, ageMs }, delayMs: index === 0 ? totalMs : 0 };
  });
}
