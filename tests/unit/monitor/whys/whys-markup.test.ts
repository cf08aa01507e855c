import { createHash } from 'node:crypto';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { WhysCapture } from '#monitor/whys/whys-capture.ts';
import { whysChat } from '#monitor/whys/whys-chat.ts';
import { addressOf } from '#monitor/whys/whys-drawing.ts';
import { whysHtml } from '#monitor/whys/whys-html.ts';
import { code, inline, whysMarkdown } from '#monitor/whys/whys-markdown.ts';
import { escapeHtml, markup, Markup } from '#monitor/whys/whys-markup.ts';
import type { AnsweredWhy, Evidence, Why, WhysReport } from '#monitor/whys/whys-report.ts';
import { whysStyle, whysStyleHash } from '#monitor/whys/whys-style.ts';
import { why } from '#monitor/whys/whys-why.ts';
import { captureLine } from '#record/capture-writer.ts';
import { whysCaptures } from '../../../fixtures/whys-captures.ts';

/** The capture of the leak with every name replaced that a target or a person chooses. */
function named(name: (of: string) => string): WhysReport {
  const records = [...(whysCaptures['leaks']?.() ?? []), ...(whysCaptures['polling']?.() ?? []).filter((record) => record.record === 'health').slice(0, 1)].sort((a, b) => a.at - b.at || (a.record === 'header' ? -1 : 1));
  const at = records[100]?.at ?? records[0]?.at;
  if (at === undefined) throw new Error('no records');
  records.splice(101, 0, { record: 'note', at, text: name('note'), author: name('author') });
  const text = JSON.stringify(records.map((record) => ('connection' in record ? { ...record, connection: name(record.connection) } : record)));
  const renamed: unknown = JSON.parse(text, (key: string, value: unknown) => (typeof value === 'string' && ['user', 'userId', 'runId', 'run', 'name', 'version'].includes(key) ? name(value) : value));
  if (!Array.isArray(renamed)) throw new Error('no list');
  const capture = new WhysCapture();
  capture.push(renamed.map((record) => captureLine(record)).join(''));
  const found = capture.finish(name('capture'));
  if (!found.ok) throw new Error(found.error.message);
  return found.value.whys;
}

const hostileNames: readonly [string, (of: string) => string][] = [
  ['tags', (of) => `<img src=x onerror=alert(1)>${of}</td></table><script>alert(1)</script>`],
  ['quotes', (of) => `" onmouseover="alert(1)" x='${of}`],
  ['Markdown', (of) => `|${of}](javascript:alert(1)) ![x](https://evil.example/x) \`\`\` **b** _i_`],
  ['comments and entities', (of) => `--><!--&lt;${of}&#x3c;]]>`],
  ['turning and hidden characters', (of) => `\u202e\u0000\u001b[31m${of}\n# heading\n\n---\n`],
  ['names of the language', (of) => `__proto__ constructor ${of}`],
];

/** An address that runs what stands in it. */
const script = ['javascript', 'alert(1)'].join(':');

const tagsOf = (html: string): string[] => html.slice(html.indexOf('<body>')).match(/<\/?[a-z][a-z0-9]*/g) ?? [];

describe.each(hostileNames)('names with %s', (_, hostile) => {
  // As long as the hostile ones: names are cut to the same length.
  const plainNames = (of: string): string => `${of} ${'x'.repeat(40)}`;

  test('change no tag of the page', () => {
    const page = whysHtml(named(hostile));
    expect(tagsOf(page)).toEqual(tagsOf(whysHtml(named(plainNames))));
    expect(page).not.toMatch(/<img|<script|javascript:(?!alert)/);
    expect(page.match(/ on[a-z]+="/g)).toBeNull();
    for (const [, address] of page.matchAll(/href="([^"]*)"/g)) expect(address).toMatch(/^(#place-\d+|https:\/\/)/);
  });

  test('change no row, heading or link of the Markdown', () => {
    const text = whysMarkdown(named(hostile), { answers: new Map([[3, hostile('people')]]) });
    const shape = (of: string): string[] => of.split('\n').flatMap((line) => (/^(#+ |\||- |\[\^)/.test(line) ? [`${/^(#+|\||-|\[)/.exec(line)?.[0]} ${line.match(/(?<!\\)\|/g)?.length ?? 0}`] : []));
    expect(shape(text)).toEqual(shape(whysMarkdown(named(plainNames), { answers: new Map([[3, 'people']]) })));
    expect(text.replaceAll(/(`+)[^\n]*?\1/g, '')).not.toMatch(/(?<!\\)<(?!https:)|(?<!\\)\]\(|https?:\/\//);
  });

  test('turn nothing round in the chat', () => {
    for (const turning of ['\u202e', '\u0000', '\u001b']) expect(whysChat(named(hostile))).not.toContain(turning);
    expect(whysChat(named(hostile)).split('\n')).toHaveLength(whysChat(named(plainNames)).split('\n').length);
  });
});

describe('the page', () => {
  const report = named((of) => of);

  test('lets in its own style alone', () => {
    const page = whysHtml(report);
    expect(page).toContain(`<style>${whysStyle}</style>`);
    expect(whysStyleHash).toBe(`sha256-${createHash('sha256').update(whysStyle).digest('base64')}`);
    expect(page).toContain(`content="default-src 'none'; style-src '${escapeHtml(whysStyleHash)}'`.replaceAll("'", '&#39;'));
    expect(page).not.toMatch(/ style=|@import|url\(|<link|src=/);
  });

  test('leads to the records where a page is known, and gives their queries where none is', () => {
    expect(whysHtml(report, { page: 'https://runwatch.example/app/' })).toContain('href="https://runwatch.example/app/?view=triage&amp;env=production&amp;from=2026-11-18T09%3A00%3A00.000Z');
    expect(whysHtml(report)).toContain('<code>?view=triage&amp;env=production');
    expect(whysMarkdown(report, { page: 'https://runwatch.example/' })).toContain(']: <https://runwatch.example/?view=triage&env=production');
  });

  test('follows no address that is no web address', () => {
    const link = { from: report.window.from, to: report.window.to, filter: null };
    expect(addressOf(report, link, { page: script })).toBeUndefined();
    expect(whysHtml(report, { page: script })).not.toContain(script);
  });

  test('takes along what people answered', () => {
    const answers = new Map([[3, 'The proxy <b>dropped</b> them.\nAsked by | the team']]);
    expect(whysHtml(report, { answers })).toContain('The proxy &lt;b&gt;dropped&lt;/b&gt; them.\nAsked by | the team</div><div class="by">answered by people');
    expect(whysMarkdown(report, { answers })).toContain('> The proxy \\<b\\>dropped\\</b\\> them.\n> Asked by \\| the team\n>\n> (answered by people)');
  });

  test('has no answer of people where the records have one', () => {
    expect(whysHtml(report, { answers: new Map([[1, 'nobody asked']]) })).not.toContain('nobody asked');
  });
});

describe('escaping', () => {
  test('is done by the template, once', () => {
    expect(markup`<p title="${'"a" & b'}">${'<i>'}${3}${markup`<b>${"it's"}</b>`}${[new Markup('<br>'), new Markup('<hr>')]}</p>`.text).toBe('<p title="&quot;a&quot; &amp; b">&lt;i&gt;3<b>it&#39;s</b><br><hr></p>');
  });

  test('leaves figures and names of types readable', () => {
    expect(inline('agent_started 264, 98.72\u202f% (#17)')).toBe('agent_started 264, 98.72\u202f% (#17)');
    expect(inline('_a_ *b* `c` [d](e) <f> www.g.h http://i')).toBe('\\_a\\_ \\*b\\* \\`c\\` \\[d\\](e) \\<f\\> www\\.g.h http\\://i');
  });

  test('keeps code together whatever it holds', () => {
    expect(code('a')).toBe('`a`');
    expect(code('a ``b`` c\nd')).toBe('``` a ``b`` c d ```');
  });
});

describe('a why', () => {
  const evidence: Evidence = { text: '3 of 4', link: null };

  test('with nothing that it rests on is a question', () => {
    expect(why('Why?', 'Because.', [])).toEqual({ open: true, question: 'Why?', answer: null, evidence: [] });
    expect(why('Why?', null, [evidence])).toEqual({ open: true, question: 'Why?', answer: null, evidence: [evidence] });
    expect(why('Why?', 'Because.', [evidence])).toEqual({ open: false, question: 'Why?', answer: 'Because.', evidence: [evidence] });
  });

  test('cannot be answered otherwise, by its type', () => {
    expectTypeOf<{ open: false; question: string; answer: string; evidence: [] }>().not.toExtend<Why>();
    expectTypeOf<{ open: true; question: string; answer: string; evidence: [Evidence] }>().not.toExtend<Why>();
    expect(why('Why?', 'Because.', [evidence]).evidence).toHaveLength(1);
    expectTypeOf<AnsweredWhy['evidence'][0]>().toEqualTypeOf<Evidence>();
  });
});
