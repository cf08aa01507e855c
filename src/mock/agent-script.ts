import type { JsonObject } from '#base/json.ts';
import type { Random } from '#base/random.ts';

/** Whose run it is, and how its ids are spelt. */
export interface RunIdentity {
  readonly runId: string;
  readonly threadId: string;
  /** Undefined for a user who gave no name. */
  readonly userId: string | undefined;
  /** Begins every event id and tool call id of the run; the run id may come from the client, this never does. */
  readonly prefix: string;
}

/** One event as the agent means it, before any fault. */
export interface ScriptedEvent {
  readonly type: string;
  readonly runId: string;
  readonly threadId: string;
  readonly userId: string | undefined;
  readonly eventId: string;
  /** From 1, one step for each event of the run. */
  readonly seq: number;
  readonly agent: string;
  readonly tool: string | undefined;
  readonly toolCallId: string | undefined;
  /** How long after the event before it (or the trigger) it is sent, in milliseconds. */
  readonly delayMs: number;
  /** How long it has been under way inside the target when it is sent, in milliseconds: its sentAt is that much older. */
  readonly ageMs: number;
  /** What it says beside the ids. */
  readonly content: JsonObject;
}

export interface ScriptOptions {
  /** Number of tool calls; drawn from 1 to 4 if left out. */
  readonly tools?: number;
  readonly ending?: 'agent_completed' | 'agent_error';
  /** A sub-agent with a run id of its own works before the outer agent completes. */
  readonly nested?: boolean;
  /** Multiplies every delay; 1 gives runs of 300 to 1500 ms. */
  readonly pace: number;
}

const agents = ['supervisor', 'triage', 'cost-analyst', 'optimizer', 'researcher'] as const;
const tools = ['search', 'sql_query', 'cost_report', 'code_interpreter', 'fetch_page'] as const;
const thoughts = [
  'The user wants to know where the money goes; the billing data should tell.',
  'Two sources disagree; the newer one is to be checked first.',
  'The question has three parts, and the second decides the others.',
  'A cheaper model might do; the latency must not suffer.',
] as const;

/** One of `choices`, which must not be empty. */
export function pick<T>(choices: readonly T[], random: Random): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new Error('Broken assumption: there is something to choose from');
  return choice;
}

/**
 * The run of a healthy agent: `agent_started`, `agent_thinking`, one to four pairs of `tool_executing` and `tool_completed`, `agent_completed`.
 * The same random numbers give the same script.
 */
export function writeScript(identity: RunIdentity, random: Random, options: ScriptOptions): ScriptedEvent[] {
  const outer = pick(agents, random);
  const steps: Step[] = [
    { type: 'agent_started', agent: outer, content: { task: 'Processing request' } },
    { type: 'agent_thinking', agent: outer, content: { thought: pick(thoughts, random) } },
  ];
  const calls = options.tools ?? 1 + Math.floor(random() * 4);
  for (let call = 1; call <= calls; call += 1) {
    const tool = pick(tools, random);
    const toolCallId = `${identity.prefix}-call-${call}`;
    steps.push({ type: 'tool_executing', agent: outer, tool, toolCallId, content: { args: { query: `part ${call}` } } });
    steps.push({ type: 'tool_completed', agent: outer, tool, toolCallId, content: { result: `${Math.floor(random() * 100)} rows` } });
  }
  if (options.nested === true) {
    const inner = { agent: 'sub-agent', runId: `${identity.runId}-sub` };
    steps.push({ type: 'agent_started', ...inner, content: {} });
    steps.push({ type: 'agent_thinking', ...inner, content: { thought: pick(thoughts, random) } });
    steps.push({ type: 'agent_completed', ...inner, content: { result: 'sub-task done' } });
  }
  if (options.ending === 'agent_error') steps.push({ type: 'agent_error', agent: outer, content: { error: 'the model refused to answer' } });
  else steps.push({ type: 'agent_completed', agent: outer, content: { result: 'done' } });
  return timed(steps, identity, random, options.pace);
}

interface Step {
  readonly type: string;
  readonly agent: string;
  readonly runId?: string;
  readonly tool?: string;
  readonly toolCallId?: string;
  readonly content: JsonObject;
}

/** Spreads 300 to 1500 ms over the steps. A nested agent shares the outer one's numbering: the sequence belongs to what the user sees. */
function timed(steps: readonly Step[], identity: RunIdentity, random: Random, pace: number): ScriptedEvent[] {
  const totalMs = 300 + 1200 * random();
  const weights = steps.map(() => 0.4 + random());
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  return steps.map((step, index) => {
    const delayMs = (pace * totalMs * (weights[index] ?? 0)) / weightSum;
    // An exponential queueing time with a mean of 12 ms; an event never leaves the agent before the one ahead of it was sent.
    const ageMs = Math.min(-12 * pace * Math.log(1 - random()), 0.8 * delayMs);
    return {
      type: step.type,
      runId: step.runId ?? identity.runId,
      threadId: identity.threadId,
      userId: identity.userId,
      eventId: `${identity.prefix}-event-${index + 1}`,
      seq: index + 1,
      agent: step.agent,
      tool: step.tool,
      toolCallId: step.toolCallId,
      delayMs,
      ageMs,
      content: step.content,
    };
  });
}
