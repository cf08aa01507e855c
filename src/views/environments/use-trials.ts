import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { EpochMs } from '#base/units.ts';
import type { Problem } from '#monitor/snapshot.ts';
import type { TrialAnswer, TrialCell } from '#monitor/trials.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { keyOf } from './auth-matrix-words.ts';

/** How far a round of trials has come. */
export interface TrialRound {
  readonly answers: ReadonlyMap<string, TrialAnswer>;
  /** The key of the one that is under way; undefined when the round is over. */
  readonly trying: string | undefined;
  readonly from: EpochMs;
  /** When the newest answer came. */
  readonly to: EpochMs;
  readonly cancelled: boolean;
  /** What kept it from beginning. */
  readonly problem: Problem | undefined;
}

export interface Trials {
  /** Undefined while the monitor is asked for them. */
  readonly cells: readonly TrialCell[] | undefined;
  /** Undefined before the first round. */
  readonly round: TrialRound | undefined;
  readonly start: (values?: Readonly<Record<string, string>>) => void;
  readonly cancel: () => void;
}

/**
 * Tries the combinations of an environment, one after another: a target may allow a user one connection, and times beside each other
 * would not be comparable. A round ends with its component.
 */
export function useTrials(environmentId: string): Trials {
  const { client, now } = useMonitorStore();
  const [cells, setCells] = useState<readonly TrialCell[]>();
  const [round, setRound] = useState<TrialRound>();
  /** Aborted when the round is over or not wished for any more. */
  const running = useRef<AbortController>(undefined);

  useEffect(() => {
    let stopped = false;
    client.combinations(environmentId).then(
      (answer) => {
        if (!stopped) setCells(answer);
      },
      () => undefined,
    );
    return () => {
      stopped = true;
    };
  }, [client, environmentId]);

  const cancel = useCallback(() => {
    if (running.current === undefined || running.current.signal.aborted) return;
    running.current.abort();
    client.cancelTrials().catch(() => undefined);
  }, [client]);
  useEffect(() => cancel, [cancel]);

  const start = useCallback(
    (values?: Readonly<Record<string, string>>) => {
      cancel();
      const controller = new AbortController();
      running.current = controller;
      const { signal } = controller;
      const change = (changes: Partial<TrialRound>): void => setRound((before) => (before === undefined ? before : { ...before, ...changes }));
      const tryAll = async (): Promise<void> => {
        const from = now();
        setRound({ answers: new Map(), trying: undefined, from, to: from, cancelled: false, problem: undefined });
        const answers = new Map<string, TrialAnswer>();
        for (const { combination, impossible } of cells ?? []) {
          if (impossible !== null) continue;
          const key = keyOf(combination);
          change({ trying: key });
          const answer = await client.trial(environmentId, combination, values);
          // A later round has its own state.
          if (running.current !== controller) return;
          if (signal.aborted || answer.kind === 'cancelled') return change({ trying: undefined, cancelled: true });
          if (answer.kind === 'not-started') return change({ trying: undefined, problem: answer.problem });
          answers.set(key, answer);
          change({ answers: new Map(answers), to: now() });
        }
        controller.abort();
        change({ trying: undefined });
      };
      tryAll().catch((error: unknown) => {
        const message = error instanceof Error ? error.message : 'the monitor gave no reason.';
        change({ trying: undefined, problem: { reason: 'not-tried', message, remedy: 'Try again; if that does not help, reload the page.' } });
      });
    },
    [cancel, cells, client, environmentId, now],
  );
  return useMemo(() => ({ cells, round, start, cancel }), [cells, round, start, cancel]);
}
