import type { Report, RunReport } from '#monitor/report.ts';

/** A report as JUnit XML: the promise, isolation, and a test case a run. */
export function junitOf(report: Report): string {
  const cases = [promise(report), isolation(report), ...report.runs.map(runCase)];
  const failures = cases.filter((each) => each.includes('<failure')).length;
  const skipped = cases.filter((each) => each.includes('<skipped')).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="runwatch ${xml(report.environment)}" tests="${cases.length}" failures="${failures}" skipped="${skipped}">`,
    ...cases,
    '</testsuite>',
    '',
  ].join('\n');
}

function promise({ slo }: Report): string {
  const text = `${slo.good} of ${slo.valid} ${slo.sli}, target ${slo.target}, ${slo.verdict}`;
  if (slo.ratio === null) return testCase('promise', 'delivery', `<skipped message="${xml(`no data: ${text}`)}"/>`);
  return testCase('promise', 'delivery', slo.ratio < slo.target ? `<failure message="${xml(text)}"/>` : '');
}

function isolation({ events, crossTalk }: Report): string {
  const lines = crossTalk.map((leak) => `${leak.owner}'s ${leak.type} on ${leak.connection}`).join('; ');
  return testCase('promise', 'isolation', events.crossTalk > 0 ? `<failure message="${xml(`${events.crossTalk} events leaked`)}">${xml(lines)}</failure>` : '');
}

function runCase(run: RunReport): string {
  const seconds = run.durationMs === null ? '' : ` time="${run.durationMs / 1000}"`;
  const text = `${run.status}, fault ${run.fault}, ${run.delivered} of ${run.expected} events${run.missing.length > 0 ? `, missing ${run.missing.join(' ')}` : ''}`;
  const body =
    run.status === 'incomplete' || run.status === 'failed'
      ? `<failure message="${xml(text)}"/>`
      : run.status === 'inconclusive' || run.status === 'running'
        ? `<skipped message="${xml(text)}"/>`
        : '';
  return testCase(run.connection, run.id, body, seconds);
}

const testCase = (group: string, name: string, body: string, attributes = ''): string =>
  `  <testcase classname="${xml(group)}" name="${xml(name)}"${attributes}>${body}</testcase>`;

/** Names come from a target: markup is escaped, and what XML cannot carry is shown as a replacement character. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
