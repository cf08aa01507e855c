import { targetShare, timeOfDay } from '#monitor/figures.ts';
import {
  accountingLines,
  addressOf,
  blankAnswer,
  cellWords,
  dateLine,
  groupWords,
  intervalMarks,
  kindLine,
  metricText,
  placesHint,
  queryOf,
  scaleStart,
  stageNames,
  verdictLine,
  windowLine,
  type IntervalMarks,
  type WhysDrawing,
} from './whys-drawing.ts';
import { Markup, markup, type Content } from './whys-markup.ts';
import type { EvidenceGroup, EvidenceLink, HealthRow, PathGroup, Why, WhysNote, WhysReport } from './whys-report.ts';
import { brandShape, stateShape } from './whys-shapes.ts';
import { whysStyle, whysStyleHash } from './whys-style.ts';
import { stateText } from './whys-verdict.ts';

const none = new Markup('');

/**
 * The report as a page of its own: it holds its style, runs nothing, fetches nothing, and refuses both by its policy. Texts enter it
 * through one function that escapes them.
 */
export function whysHtml(report: WhysReport, drawing: WhysDrawing = {}): string {
  const places = new Places(report, drawing);
  const body = markup`<main class="doc">
${head(report)}
${lead(report)}
<div class="cols">
${health(report, places)}
${goldenPath(report, places)}
</div>
${evidence(report, places)}
<h2>Five whys <small>evidence is filled in from the capture; dashed answers are for people</small></h2>
${report.whys.map((why, index) => whyBlock(why, index + 1, drawing, places))}
<h2>Next steps</h2>
${report.steps.map(({ text }) => markup`<div class="next"><span class="box"></span><span>${text}</span><span class="slot">owner ……………………</span><span class="slot">due ………………</span></div>\n`)}
<h2>Success metrics</h2>
<table class="t"><thead><tr><th>Metric</th><th>Objective</th><th>Measured</th><th>State</th></tr></thead><tbody>
${report.metrics.map(({ name, objective, measured, state }) => markup`<tr><td>${name}</td><td class="dim">${objective}</td><td>${measured}</td><td class="m-${state}"><b>${metricText[state]}</b></td></tr>\n`)}</tbody></table>
${report.notes.length === 0 ? none : markup`<h2>Notes</h2>\n<ul class="plain">${report.notes.map(noteItem)}</ul>`}
<div class="fine"><h2>Rules of accounting</h2>${accountingLines(report).map((line) => markup`<p>${line}</p>\n`)}</div>
${places.list()}
</main>`;
  const policy = `default-src 'none'; style-src '${whysStyleHash}'; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${report.title}</title>
<style>${new Markup(whysStyle)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}

const head = (report: WhysReport): Markup => markup`<div class="top"><div><h1>${report.title}</h1><div class="meta">${kindLine(report)}. ${dateLine(report.at)}.<br>${windowLine(report)} Made by ${report.app}.</div></div><span class="brand">${brandShape}Runwatch</span></div>`;

const lead = (report: WhysReport): Markup =>
  markup`<div class="sum is-${report.verdict.state}">${stateShape(report.verdict.state, 52)}<div><div class="w">${verdictLine(report)}</div><p>${report.summary.join(' ')}</p></div></div>`;

function health({ health: rows }: WhysReport, places: Places): Markup {
  const row = ({ component, status, issue, impact, link }: HealthRow): Markup =>
    markup`<tr><td>${component}</td><td class="state is-${status}">${stateShape(status, 14)} <b>${stateText[status]}</b></td><td class="dim">${places.linked(issue, link)}</td><td class="dim">${impact ?? 'none seen'}</td></tr>\n`;
  return markup`<section><h2>System health</h2><table class="t"><thead><tr><th>Component</th><th>Status</th><th>Issue</th><th>Impact</th></tr></thead><tbody>\n${rows.map(row)}</tbody></table></section>`;
}

function goldenPath({ path }: WhysReport, places: Places): Markup {
  const group = (each: PathGroup): Markup => markup`<tr class="cap"><th colspan="5" scope="rowgroup">${places.linked(each.name, each.link)}</th></tr>
<tr>${each.cells.map((cell) => {
    const { figure, of, tone } = cellWords(cell);
    return markup`<td class="g-${tone}"><b>${figure}</b>${of}</td>`;
  })}</tr>\n`;
  const table = path.length === 0 ? markup`<p class="dim">No run was triggered by this monitor, so none can be followed along the path.</p>` : markup`<table class="gp"><thead><tr>${Object.values(stageNames).map((name) => markup`<th>${name}</th>`)}</tr></thead><tbody>\n${path.map(group)}</tbody></table>`;
  return markup`<section><h2>Golden path impact <small>runs that passed; a stage needs the one before</small></h2>${table}</section>`;
}

function evidence({ evidence: groups, accounting: { slo } }: WhysReport, places: Places): Markup {
  const start = scaleStart(groups, slo.target);
  const row = (group: EvidenceGroup): Markup => {
    const words = groupWords(group);
    const marks = intervalMarks(group, slo.target, start);
    return markup`<tr><td>${places.linked(group.name, group.link)}</td><td class="r">${words.runs}</td><td class="r">${words.lossy}</td><td class="r">${words.lost}</td><td class="r m-${group.verdict}"><b>${words.delivered}</b></td><td class="r dim">${words.interval}</td><td>${marks === null ? none : intervalChart(marks, words.interval, group.verdict)}</td></tr>\n`;
  };
  return markup`<h2>Evidence <small>${slo.sli === 'events' ? 'events delivered' : 'good runs'}; interval 95\u202f% (Wilson), trials are runs; dashed line is ${targetShare(slo.target)}</small></h2>
<table class="t"><thead><tr><th>Group</th><th class="r">runs</th><th class="r">lossy</th><th class="r">${slo.sli === 'events' ? 'events lost' : 'not good'}</th><th class="r">delivered</th><th class="r">interval</th><th>${targetShare(start).replace('\u202f%', '')} to 100\u202f%</th></tr></thead><tbody>
${groups.map(row)}</tbody></table>`;
}

function intervalChart({ low, high, value, target }: IntervalMarks, interval: string, verdict: EvidenceGroup['verdict']): Markup {
  const x = (part: number): string => (4 + part * 142).toFixed(1);
  return markup`<svg width="150" height="16" role="img" aria-label="${interval}" class="i-${verdict}"><path class="axis" d="M2 8H148"/><path class="tick" d="M${x(target)} 1V15"/><path class="band" d="M${x(low)} 8H${x(Math.max(high, low + 0.002))}"/><circle cx="${x(value)}" cy="8" r="3.6"/></svg>`;
}

function whyBlock(why: Why, number: number, { answers }: WhysDrawing, places: Places): Markup {
  const written = answers?.get(number)?.trim() ?? '';
  const answer = !why.open ? markup`<div class="a">${why.answer}</div>` : written === '' ? markup`<div class="a blank">${blankAnswer}</div>` : markup`<div class="a written">${written}</div><div class="by">answered by people</div>`;
  return markup`<div class="why"><span class="no">${number}</span><div><h3 class="q">${why.question}</h3>${answer}</div><ul>${why.evidence.map(({ text, link }) => markup`<li>${places.linked(text, link)}</li>`)}</ul></div>\n`;
}

const noteItem = ({ at, text, author, run, acknowledges }: WhysNote): Markup =>
  markup`<li>${timeOfDay(at)} ${author ?? ''}${run === null ? '' : `, on run ${run}`}${acknowledges ? ' (acknowledged)' : ''}: ${text}</li>`;

/** Leads from figures to their records: by a link where the page is known, else by a number and a list of queries. */
class Places {
  readonly #report: WhysReport;
  readonly #drawing: WhysDrawing;
  readonly #numbers = new Map<string, number>();

  constructor(report: WhysReport, drawing: WhysDrawing) {
    this.#report = report;
    this.#drawing = drawing;
  }

  linked(text: Content, link: EvidenceLink | null): Markup {
    if (link === null) return markup`${text}`;
    const address = addressOf(this.#report, link, this.#drawing);
    if (address !== undefined) return markup`<a href="${address}" rel="noreferrer">${text}</a>`;
    const query = queryOf(this.#report, link, this.#drawing.env);
    const number = this.#numbers.get(query) ?? this.#numbers.size + 1;
    this.#numbers.set(query, number);
    return markup`${text}<sup><a href="#place-${number}">${number}</a></sup>`;
  }

  list(): Markup {
    if (this.#numbers.size === 0) return none;
    const items = Array.from(this.#numbers, ([query, number]) => markup`<li id="place-${number}"><code>${query}</code></li>\n`);
    return markup`<div class="fine"><h2>Records</h2><p>${placesHint}</p><ol>${items}</ol></div>`;
  }
}
