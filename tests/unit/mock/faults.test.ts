import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '#base/random.ts';
import { pick, writeScript, type RunIdentity, type ScriptedEvent } from '#mock/agent-script.ts';
import { heldBack, planRun, type Action, type PlanOptions, type RunPlan } from '#mock/faults.ts';
import { runScenarios, type RunScenario } from '#mock/scenarios.ts';

const identity: RunIdentity = { runId: 'r1', threadId: 't1', userId: 'alice', prefix: 'p' };
const options: PlanOptions = { pace: 1, settleMs: 1000, firstEventTimeoutMs: 10_000, hugeBytes: 400_000 };
const plan = (scenario: RunScenario, seed: number, pace = 1): RunPlan => planRun(scenario, identity, seededRandom(seed), { ...options, pace });

/** The events that reach the run's own user, in order, with the time at which they are sent after the trigger. */
function arrivals(actions: readonly Action[]): { event: ScriptedEvent; at: number; madeAt: number }[] {
  let at = 0;
  return actions.flatMap((action) => {
    at += action.delayMs;
    const events = action.kind === 'send' ? [action.event] : action.kind === 'batch' ? action.events : [];
    return events.map((event) => ({ event, at, madeAt: at - event.ageMs }));
  });
}
const typesOf = (actions: readonly Action[]) => arrivals(actions).map(({ event }) => event.type);
const kindsOf = (actions: readonly Action[]) => actions.map((action) => action.kind);

const seeds = fc.integer({ min: 0, max: 0xff_ff_ff_ff });
const forAnySeed = (check: (seed: number) => void): void => {
  const property = fc.property(seeds, (seed) => {
    check(seed);
  });
  fc.assert(property, { numRuns: 200 });
};

describe('the script of a healthy agent', () => {
  test('starts, thinks, uses one to four tools, completes; 300 to 1500 ms; numbered from 1; made in order and before it is sent', () => {
    forAnySeed((seed) => {
      const script = writeScript(identity, seededRandom(seed), { pace: 1 });
      expect(script.map((event) => event.type).join(' ')).toMatch(/^agent_started agent_thinking( tool_executing tool_completed){1,4} agent_completed$/);
      expect(script.map((event) => event.seq)).toEqual(script.map((_event, index) => index + 1));
      expect(new Set(script.map((event) => event.eventId)).size).toBe(script.length);
      const total = script.reduce((sum, event) => sum + event.delayMs, 0);
      expect(total).toBeGreaterThanOrEqual(300 - 1e-6);
      expect(total).toBeLessThanOrEqual(1500);
      const made = arrivals(script.map((event) => ({ kind: 'send', event, delayMs: event.delayMs }))).map(({ madeAt }) => madeAt);
      expect(made).toEqual(made.toSorted((a, b) => a - b));
      for (const event of script) expect(event.ageMs).toBeGreaterThanOrEqual(0);
    });
  });

  test('each tool call is a pair with an id of its own', () => {
    forAnySeed((seed) => {
      const calls = writeScript(identity, seededRandom(seed), { pace: 1 }).filter((event) => event.toolCallId !== undefined);
      const ids = calls.map((event) => event.toolCallId);
      expect(new Set(ids).size).toBe(ids.length / 2);
      for (let index = 0; index < calls.length; index += 2) expect([calls[index]?.toolCallId, calls[index]?.tool]).toEqual([calls[index + 1]?.toolCallId, calls[index + 1]?.tool]);
    });
  });

  test('the pace compresses every delay alike', () => {
    const slow = writeScript(identity, seededRandom(5), { pace: 1 });
    const fast = writeScript(identity, seededRandom(5), { pace: 0.05 });
    fast.forEach((event, index) => expect(event.delayMs).toBeCloseTo(0.05 * (slow[index]?.delayMs ?? 0), 9));
  });

  test('choosing from nothing is a broken assumption', () => {
    expect(() => pick([], seededRandom(1))).toThrow('Broken assumption');
  });
});

describe('plans', () => {
  test.each(runScenarios)('%s: the same seed gives the same plan', (scenario) => {
    forAnySeed((seed) => expect(plan(scenario, seed)).toEqual(plan(scenario, seed)));
  });

  test.each(runScenarios)('%s: sends nothing that the agent did not mean, but for what the scenario adds', (scenario) => {
    forAnySeed((seed) => {
      const { planned, actions, fault } = plan(scenario, seed);
      for (const { event } of arrivals(actions)) {
        expect(event).toMatchObject({ threadId: 't1', userId: 'alice' });
        expect(event.seq).toBeLessThanOrEqual(planned.length + (scenario === 'late' ? 1 : 0));
      }
      for (const action of actions) expect(action.delayMs).toBeGreaterThanOrEqual(0);
      expect(fault === '').toBe(scenario === 'healthy' || scenario === 'nested-agents');
    });
  });

  test('healthy sends what is planned', () => {
    forAnySeed((seed) => expect(typesOf(plan('healthy', seed).actions)).toEqual(plan('healthy', seed).planned));
  });

  test('missing-event loses one event, and each required type in its turn; the others keep their hours', () => {
    const lost = new Set<string>();
    for (let seed = 0; seed < 200; seed += 1) {
      const whole = arrivals(plan('healthy', seed).actions);
      const spoilt = arrivals(plan('missing-event', seed).actions);
      expect(spoilt).toHaveLength(whole.length - 1);
      const gone = whole.filter(({ event }) => !spoilt.some((kept) => kept.event.eventId === event.eventId));
      expect(gone).toHaveLength(1);
      lost.add(gone[0]?.event.type ?? '');
      for (const { event, at } of spoilt) expect(at).toBeCloseTo(whole.find((other) => other.event.eventId === event.eventId)?.at ?? Number.NaN, 6);
    }
    expect(lost).toEqual(new Set(['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed']));
  });

  test('missing-tool-completed loses a tool_completed', () => {
    forAnySeed((seed) => {
      const { planned, actions } = plan('missing-tool-completed', seed);
      expect(planned.filter((type) => type === 'tool_completed').length - typesOf(actions).filter((type) => type === 'tool_completed').length).toBe(1);
      expect(typesOf(actions)).toHaveLength(planned.length - 1);
    });
  });

  test('duplicate sends one event twice, the second marked, before the next one', () => {
    forAnySeed((seed) => {
      const { actions } = plan('duplicate', seed);
      const place = actions.findIndex((action) => action.kind === 'send' && action.again === true);
      const [first, second] = [actions[place - 1], actions[place]];
      expect(first?.kind === 'send' && second?.kind === 'send' && first.event === second.event).toBe(true);
      expect(actions.filter((action) => action.kind === 'send' && action.again === true)).toHaveLength(1);
    });
  });

  test('out-of-order: seq falls once, a completion precedes its execution, and the times of making stay in order', () => {
    forAnySeed((seed) => {
      const came = arrivals(plan('out-of-order', seed).actions);
      const falls = came.filter(({ event }, index) => event.seq < (came[index - 1]?.event.seq ?? 0));
      expect(falls).toHaveLength(1);
      expect(falls[0]?.event.type).toBe('tool_executing');
      const bySeq = came.toSorted((a, b) => a.event.seq - b.event.seq);
      const made = bySeq.map(({ madeAt }) => madeAt);
      expect(made).toEqual(made.toSorted((a, b) => a - b));
    });
  });

  test('late adds one event, more than the settling time after the end, at any pace', () => {
    for (const pace of [0.01, 1, 3]) {
      const { planned, actions } = plan('late', 3, pace);
      const came = arrivals(actions);
      expect(came).toHaveLength(planned.length + 1);
      expect((came.at(-1)?.at ?? 0) - (came.at(-2)?.at ?? 0)).toBeGreaterThanOrEqual(1200);
      expect(came.at(-1)?.event).toMatchObject({ type: 'agent_thinking', seq: planned.length + 1 });
    }
  });

  test('slow-first-event outlasts the deadline at any pace', () => {
    for (const pace of [0.01, 1]) expect(arrivals(plan('slow-first-event', 3, pace).actions)[0]?.at).toBeGreaterThan(10_200);
  });

  test('dumped: five events at least, made over more than a second, sent at one instant, at any pace', () => {
    forAnySeed((seed) => {
      for (const pace of [0.01, 1]) {
        const came = arrivals(plan('dumped', seed, pace).actions);
        const made = came.map(({ madeAt }) => madeAt);
        expect(came.length).toBeGreaterThanOrEqual(5);
        expect(new Set(came.map(({ at }) => at)).size).toBe(1);
        expect(Math.max(...made) - Math.min(...made)).toBeGreaterThanOrEqual(1100);
        expect(made).toEqual(made.toSorted((a, b) => a - b));
        expect(came.at(-1)?.event.ageMs).toBeCloseTo(0, 6);
      }
    });
  });

  test.each([
    ['disconnect-mid-run', 'drop'],
    ['recovered-burst', 'drop'],
    ['expire-token', 'expire'],
    ['silent', 'silence'],
  ] as const)('%s: at least one event, then it ends before the terminal one', (scenario, kind) => {
    forAnySeed((seed) => {
      const { planned, actions } = plan(scenario, seed);
      const sent = typesOf(actions);
      expect(kindsOf(actions).at(-1)).toBe(kind);
      expect(sent.length).toBeGreaterThanOrEqual(1);
      expect(sent).toEqual(planned.slice(0, sent.length));
      expect(sent).not.toContain('agent_completed');
      const last = actions.at(-1);
      const rest = last?.kind === 'drop' ? last.rest.map((event) => event.type) : [];
      expect(rest).toEqual(scenario === 'recovered-burst' ? planned.slice(sent.length) : []);
    });
  });

  test('stall: none, one or two events, then nothing', () => {
    const counts = new Set<number>();
    for (let seed = 0; seed < 100; seed += 1) {
      const { actions } = plan('stall', seed);
      expect(kindsOf(actions).at(-1)).toBe('stall');
      counts.add(typesOf(actions).length);
    }
    expect(counts).toEqual(new Set([0, 1, 2]));
  });

  test('cross-talk leaks a copy of an event that the owner has got already, and never the first', () => {
    forAnySeed((seed) => {
      const { planned, actions } = plan('cross-talk', seed);
      expect(typesOf(actions)).toEqual(planned);
      const place = actions.findIndex((action) => action.kind === 'leak');
      const [sent, leaked] = [actions[place - 1], actions[place]];
      expect(sent?.kind === 'send' && leaked?.kind === 'leak' && sent.event === leaked.event).toBe(true);
      expect(place).toBeGreaterThan(1);
    });
  });

  test('batch carries every event once, in order, two or three to a frame', () => {
    forAnySeed((seed) => {
      const { planned, actions } = plan('batch', seed);
      expect(typesOf(actions)).toEqual(planned);
      const made = arrivals(actions).map(({ madeAt }) => madeAt);
      made.forEach((at, index) => expect(at).toBeGreaterThanOrEqual((made[index - 1] ?? -1e9) - 1e-6));
      for (const action of actions.slice(0, -1)) expect(action.kind === 'batch' ? action.events.length : 0).toBeGreaterThanOrEqual(2);
    });
  });

  test('nested-agents: the sub-agent starts and ends inside, under a run id of its own, in one numbering', () => {
    forAnySeed((seed) => {
      const events = arrivals(plan('nested-agents', seed).actions).map(({ event }) => event);
      const inner = events.filter((event) => event.runId === 'r1-sub');
      expect(inner.map((event) => event.type)).toEqual(['agent_started', 'agent_thinking', 'agent_completed']);
      expect(events.at(-1)).toMatchObject({ type: 'agent_completed', runId: 'r1' });
      expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
    });
  });

  test('huge carries the asked-for bytes; mislabelled calls thinking reasoning; agent-error and no-tools change the script', () => {
    const sizes = arrivals(plan('huge', 1).actions).map(({ event }) => JSON.stringify(event.content).length);
    expect(sizes.filter((size) => size > 400_000)).toHaveLength(1);
    expect(typesOf(plan('mislabelled', 1).actions)[1]).toBe('reasoning');
    expect(plan('agent-error', 1).planned.at(-1)).toBe('agent_error');
    expect(plan('no-tools', 1).planned).toEqual(['agent_started', 'agent_thinking', 'agent_completed']);
    expect(plan('mixed-time-units', 1).mixedTimes).toBe(true);
    expect(plan('healthy', 1).mixedTimes).toBe(false);
  });
});

describe('a plan that is held back', () => {
  test('sends the same events, as they were made, and each of them later by the same time', () => {
    for (const scenario of runScenarios) {
      const before = plan(scenario, 3);
      const after = heldBack(before, 3000);
      expect(kindsOf(after.actions)).toEqual(kindsOf(before.actions));
      expect(after.fault).toContain('every event leaves 3000 ms after it was made');
      const pairs = arrivals(after.actions).map((each, index) => ({ each, was: arrivals(before.actions)[index] }));
      for (const { each, was } of pairs) {
        expect(each.event.eventId).toBe(was?.event.eventId);
        expect(each.at - (was?.at ?? 0)).toBeCloseTo(3000, 6);
        expect(each.madeAt).toBeCloseTo(was?.madeAt ?? 0, 6);
      }
    }
  });

  test('by nothing is the plan itself', () => {
    const same = plan('healthy', 1);
    expect(heldBack(same, 0)).toBe(same);
  });
});
