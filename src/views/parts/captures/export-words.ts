import type { ExportCounts, ExportFormat } from '#monitor/export/exported-capture.ts';
import { formatCount, formatRuns } from '#views/parts/format.ts';

/** The formats by name, and what each is good for. */
export const formatWords: Readonly<Record<ExportFormat, { readonly name: string; readonly use: string }>> = {
  capsule: { name: 'Capsule', use: 'Everything with its verdict in one file, gzipped. Runwatch opens it here, and on the command line: runwatch replay FILE.' },
  jsonl: { name: 'JSON Lines', use: 'The same as plain text, a record a line, for reading and for other programs.' },
  har: { name: 'HAR', use: 'The messages of each connection as an HTTP archive. Chrome opens it in its tools, under Network, by the import button.' },
  csv: { name: 'CSV', use: 'A table with a line for each run, for a spreadsheet.' },
};

const some = (count: number, one: string, many: string): string => `${formatCount(count)} ${count === 1 ? one : many}`;

/** What is in the file. */
export const insideText = ({ records, frames, runs, notes }: ExportCounts): string =>
  `${some(records, 'record', 'records')}: ${some(frames, 'message', 'messages')} of ${formatRuns(runs)}${notes === 0 ? '' : `, ${some(notes, 'note', 'notes')}`}.`;

/** What was left out of it, or changed, each a short sentence. */
export function outsideTexts({ leftOut, kept, secrets, words, pseudonyms, evicted }: ExportCounts): string[] {
  const users = pseudonyms.user ?? 0;
  const ids = Object.values(pseudonyms).reduce((sum, count) => sum + count, 0) - users;
  return [
    `${some(leftOut, 'payload text is', 'payload texts are')} left out.`,
    ...(kept === 0 ? [] : [`${some(kept, 'payload text is', 'payload texts are')} in it.`]),
    ...(secrets + words === 0 ? [] : [`${some(secrets + words, 'text', 'texts')} held what looks like a secret, which was taken out.`]),
    ...(users + ids === 0 ? [] : [`${some(users, 'user', 'users')} and ${some(ids, 'other id', 'other ids')} have pseudonyms, the same ones throughout the file.`]),
    ...(evicted === 0 ? [] : [`${some(evicted, 'older record is', 'older records are')} no longer in memory, and so not in it.`]),
  ];
}
