import type { JsonObject } from '#base/json.ts';

/** Events of one run: S T (E R)×3 T C. */
export const EVENTS_PER_RUN = 10;
/** Runs in one `event_batch` of 50 events. */
export const RUNS_PER_BATCH = 5;

const steps = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'tool_executing', 'tool_completed', 'tool_executing', 'tool_completed', 'agent_thinking', 'agent_completed'] as const;
const contents: Readonly<Record<(typeof steps)[number], JsonObject>> = {
  agent_started: { task: 'Find out why the bill of last month was a third higher than usual', priority: 'normal' },
  agent_thinking: { thought: 'Two sources disagree; the newer one is to be checked first, then the totals.' },
  tool_executing: { args: { query: 'SELECT day, cost FROM bills WHERE month = 10', limit: 500 } },
  tool_completed: { result: { rows: 31, summary: 'three days stand out' }, durationMs: 182 },
  agent_completed: { answer: 'Three days of batch inference on the larger model made the difference.' },
};

/** The events of a user's run in the canonical dialect, 250 to 400 bytes of JSON each. `run` may be digits or what stands for them. */
export function agentRun(user: string, run: string, sentAt: number): JsonObject[] {
  return steps.map((type, index) => {
    const call = Math.floor(index / 2);
    return {
      type,
      runId: `run-${user}-${run}`,
      threadId: `thread-${user}-main`,
      userId: user,
      eventId: `event-${user}-${run}-${index + 1}`,
      seq: index + 1,
      sentAt,
      agent: 'cost-analyst',
      ...(type.startsWith('tool_') ? { tool: 'sql_query', toolCallId: `call-${user}-${run}-${call}` } : {}),
      ...contents[type],
    };
  });
}

/** Eight digits, so that every run's id is as long as any other's. */
export const runDigits = (run: number): string => String(run).padStart(8, '0');
