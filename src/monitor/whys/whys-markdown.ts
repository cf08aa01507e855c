import { timeOfDay } from '#monitor/figures.ts';
import { accountingLines, addressOf, blankAnswer, cellWords, dateLine, groupWords, kindLine, metricText, pathWords, stageNames, placesHint, queryOf, verdictLine, windowLine, type WhysDrawing } from './whys-drawing.ts';
import type { EvidenceLink, Why, WhysNote, WhysReport } from './whys-report.ts';
import { stateText } from './whys-verdict.ts';

/** The report as Markdown: tables and footnotes as GitHub and most others read them. */
export function whysMarkdown(report: WhysReport, drawing: WhysDrawing = {}): string {
  const notes = new Footnotes(report, drawing);
  const parts = [
    `# ${inline(report.title)}`,
    `${inline(kindLine(report))}. ${dateLine(report.at)}.  \n${inline(windowLine(report))} Made by ${inline(report.app)}.`,
    `**${verdictLine(report)}**`,
    report.summary.map(inline).join(' '),
    '## System health',
    table(['Component', 'Status', 'Issue', 'Impact'], report.health.map(({ component, status, issue, impact, link }) => [component, stateText[status], inline(issue) + notes.ref(link), impact === null ? 'none seen' : inline(impact)])),
    '## Golden path impact',
    ...goldenPath(report, notes),
    '## Evidence',
    'Delivery by group of runs; the interval is Wilson’s, 95\u202f%, and its trials are runs.',
    table(
      ['Group', 'Runs', 'Lossy', report.accounting.slo.sli === 'events' ? 'Events lost' : 'Runs not good', 'Delivered', 'Interval'],
      report.evidence.map((group) => {
        const words = groupWords(group);
        return [inline(group.name) + notes.ref(group.link), words.runs, words.lossy, words.lost, words.delivered, words.interval];
      }),
      1,
    ),
    '## Five whys',
    'Answers rest on the evidence below them. What the monitor cannot see is left to people.',
    ...report.whys.map((why, index) => whyText(why, index + 1, drawing, notes)),
    '## Next steps',
    report.steps.map(({ text }) => `- [ ] ${inline(text)}  \n  owner ………………, due ………………`).join('\n'),
    '## Success metrics',
    table(['Metric', 'Objective', 'Measured', 'State'], report.metrics.map(({ name, objective, measured, state }) => [name, objective, inline(measured), metricText[state]])),
    ...(report.notes.length === 0 ? [] : ['## Notes', report.notes.map(noteText).join('\n')]),
    '## Rules of accounting',
    accountingLines(report).map((line) => `- ${inline(line)}`).join('\n'),
    notes.text(),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function goldenPath({ path }: WhysReport, notes: Footnotes): string[] {
  if (path.length === 0) return ['No run was triggered by this monitor, so none can be followed along the path.'];
  return [
    path.map((group) => `- ${inline(group.name)}: ${pathWords(group)}`).join('\n'),
    table(
      ['Runs that passed', ...Object.values(stageNames)],
      path.map((group) => [
        inline(group.name) + notes.ref(group.link),
        ...group.cells.map((cell) => {
          const { figure, of, tone } = cellWords(cell);
          return tone === 'failed' ? `**${figure}** ${of}` : `${figure} ${of}`;
        }),
      ]),
    ),
  ];
}

function whyText(why: Why, number: number, { answers }: WhysDrawing, notes: Footnotes): string {
  const written = answers?.get(number)?.trim() ?? '';
  const answer = why.open ? (written === '' ? `> [ ] ${blankAnswer}` : `${quoted(written)}\n>\n> (answered by people)`) : block(why.answer);
  const evidence = why.evidence.map(({ text, link }) => `- ${inline(text)}${notes.ref(link)}`).join('\n');
  return [`### ${number}. ${inline(why.question)}`, answer, evidence].filter((part) => part !== '').join('\n\n');
}

const noteText = ({ at, text, author, run, acknowledges }: WhysNote): string =>
  `- ${timeOfDay(at)}${author === null ? '' : ` ${inline(author)}`}${run === null ? '' : `, on run ${inline(run)}`}${acknowledges ? ', acknowledged' : ''}: ${inline(text)}`;

/** What people wrote, line by line. */
const quoted = (text: string): string =>
  text
    .split(/\r\n?|\n/)
    .map((line) => `> ${block(line)}`)
    .join('\n');

/** References to where the records are; the same place has one number. */
class Footnotes {
  readonly #report: WhysReport;
  readonly #drawing: WhysDrawing;
  readonly #numbers = new Map<string, number>();

  constructor(report: WhysReport, drawing: WhysDrawing) {
    this.#report = report;
    this.#drawing = drawing;
  }

  ref(link: EvidenceLink | null): string {
    if (link === null) return '';
    const text = this.#place(link);
    const number = this.#numbers.get(text) ?? this.#numbers.size + 1;
    this.#numbers.set(text, number);
    return `[^${number}]`;
  }

  text(): string {
    const places = Array.from(this.#numbers, ([place, number]) => `[^${number}]: ${place}`).join('\n');
    return this.#drawing.page === undefined ? `${placesHint}\n\n${places}` : places;
  }

  #place(link: EvidenceLink): string {
    const address = addressOf(this.#report, link, this.#drawing);
    return address === undefined ? code(queryOf(this.#report, link, this.#drawing.env)) : `<${address}>`;
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[], figuresFrom = head.length): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index >= figuresFrom ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

/** Any text within a line: nothing in it is Markdown, HTML or an address any more. */
export const inline = (text: string): string =>
  text
    .replaceAll(/[\\`*[\]<>|~&@]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replaceAll('://', '\\://')
    .replaceAll(/\bwww\./gi, 'www\\.')
    .replaceAll(/\s*[\r\n]+\s*/g, ' ');

/** The same where a line begins: no heading, list or rule comes of it. */
const block = (text: string): string => inline(text).replace(/^(\s*)([-+#=]|\d+(?=[.)]))/, (_, space: string, mark: string) => `${space}${/\d/.test(mark) ? `${mark}\\` : `\\${mark}`}`);

/** A text that is shown as it is typed; its own backticks, and what ends a cell, stay within it. */
export function code(text: string): string {
  const line = text.replaceAll(/[\r\n]+/g, ' ');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}
