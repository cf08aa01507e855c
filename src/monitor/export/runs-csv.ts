import type { RunReport } from '#monitor/report.ts';

/** The columns of the table of runs, in their order. Times are ISO 8601 in UTC, lengths milliseconds. */
const columns: readonly (readonly [head: string, cell: (run: RunReport) => string | number | boolean | null])[] = [
  ['run', (run) => run.id],
  ['connection', (run) => run.connection],
  ['user', (run) => run.user],
  ['thread', (run) => run.thread],
  ['status', (run) => run.status],
  ['fault', (run) => run.fault],
  ['good', (run) => run.good],
  ['opened_at', (run) => timeText(run.openedAt)],
  ['closed_at', (run) => (run.closedAt === null ? null : timeText(run.closedAt))],
  ['expected', (run) => run.expected],
  ['delivered', (run) => run.delivered],
  ['missing', (run) => run.missing.join(' ')],
  ['violations', (run) => Object.entries(run.violations).map(([kind, count]) => `${kind} ${count}`).join(' ')],
  ['time_to_first_event_ms', (run) => run.timeToFirstEventMs],
  ['duration_ms', (run) => run.durationMs],
];

/** The first line of the table. */
export const runsCsvHead = line(columns.map(([head]) => head));

/** A run as a line of the table (RFC 4180). */
export const runCsvLine = (run: RunReport): string => line(columns.map(([, cell]) => cell(run)));

function line(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map((cell) => (typeof cell === 'string' ? textCell(cell) : String(cell ?? ''))).join(',')}\r\n`;
}

/** A text that a spreadsheet would take for a formula is led by an apostrophe, which makes it a text (OWASP, "CSV Injection"). */
function textCell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

const timeText = (at: number): string => new Date(at).toISOString();
