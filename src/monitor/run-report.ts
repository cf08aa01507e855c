import { violationKinds, type Run, type ViolationKind } from '#runs/run.ts';
import type { RunReport } from './report.ts';

/** A run as reports and the screen show it; a running one as if it were closed now. */
export function runReport(run: Run): RunReport {
  const { delivery } = run;
  const violations: Partial<Record<ViolationKind, number>> = {};
  for (const kind of violationKinds) {
    const count = run.violation(kind);
    if (count > 0) violations[kind] = count;
  }
  const from = run.triggered ? run.openedAt : run.firstEventAt;
  return {
    id: run.id,
    connection: run.connection.id,
    user: run.connection.user ?? null,
    thread: run.thread ?? null,
    status: run.status,
    fault: run.fault,
    good: run.good,
    openedAt: run.openedAt,
    closedAt: run.closedAt ?? null,
    expected: delivery.expected,
    delivered: delivery.delivered,
    missing: delivery.missing,
    violations,
    timeToFirstEventMs: run.triggered && run.firstEventAt !== undefined ? run.firstEventAt - run.openedAt : null,
    durationMs: run.lastEventAt === undefined || from === undefined ? null : run.lastEventAt - from,
  };
}
