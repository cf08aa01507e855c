import type { Report } from '#monitor/report.ts';

/** What a script can tell from the exit code. */
export const exitCodes = { pass: 0, fail: 1, inconclusive: 2, usage: 64 } as const;

export const exitCodeOf = (report: Report): number => exitCodes[report.verdict];
