import { describe, expect, test } from 'vitest';
import { junitOf } from '#cli/junit.ts';
import { judge } from '../../fixtures/drawing.ts';

const attribute = (xml: string, name: string): number => Number(new RegExp(`<testsuite [^>]*${name}="(\\d+)"`).exec(xml)?.[1]);
const sums = (xml: string) => ({ tests: attribute(xml, 'tests'), failures: attribute(xml, 'failures'), skipped: attribute(xml, 'skipped') });

describe('a report as JUnit XML', () => {
  test('has the promise, isolation, and a case a run, with its time', () => {
    expect(junitOf(judge('u0: >STERC'))).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuite name="runwatch local" tests="3" failures="0" skipped="0">',
        '  <testcase classname="promise" name="delivery"></testcase>',
        '  <testcase classname="promise" name="isolation"></testcase>',
        '  <testcase classname="local#0" name="u0-1" time="0.5"></testcase>',
        '</testsuite>',
        '',
      ].join('\n'),
    );
  });

  test('fails for what is lost, and skips what cannot be judged', () => {
    const xml = junitOf(judge('u0: >STERC\nu1: >STEC\nu2: >SX\nu3: >STo'));
    expect(sums(xml)).toEqual({ tests: 6, failures: 3, skipped: 1 });
    expect(xml).toContain('name="delivery"><failure message="9 of 10 events, target 0.99, ');
    expect(xml).toContain('name="u1-1" time="0.4"><failure message="incomplete, fault server, 4 of 5 events, missing tool_completed"/>');
    expect(xml).toContain('name="u2-1" time="0.2"><failure message="failed, fault agent, ');
    expect(xml).toContain('name="u3-1" time="0.2"><skipped message="inconclusive, fault monitor, ');
  });

  test('skips the promise where nothing was counted, and a run under way', () => {
    expect(sums(junitOf(judge('u0: -')))).toEqual({ tests: 2, failures: 0, skipped: 1 });
    const report = judge('u0: >STERC');
    const [run] = report.runs;
    if (run === undefined) throw new Error('no run');
    expect(sums(junitOf({ ...report, runs: [{ ...run, status: 'running', durationMs: null }] }))).toEqual({ tests: 3, failures: 0, skipped: 1 });
  });

  test('fails for one leaked event, and says whose', () => {
    const xml = junitOf(judge('u0: >STERC\nu1: >STERC', { fields: ({ user, run, nth }) => ({ runId: run, userId: user === 'u1' && nth === 2 ? 'u0' : user }) }));
    expect(xml).toContain('name="isolation"><failure message="1 events leaked">u0&#39;s agent_thinking on local#1</failure>');
  });

  test('escapes what a target may have written, and counts by what happened', () => {
    const evil = `"/><failure message='x'/><skipped/>&amp;\u0000\u0008\ufffe\ud800 é 🙂`;
    const xml = junitOf({ ...judge('u0: >STERC', { fields: ({ run }) => ({ runId: `${run}` }) }), environment: evil });
    expect(xml).toContain('name="runwatch &#34;/&#62;&#60;failure message=&#39;x&#39;/&#62;&#60;skipped/&#62;&#38;amp;\ufffd\ufffd\ufffd\ufffd é 🙂"');
    const report = judge('u0: >STERC');
    const [run] = report.runs;
    if (run === undefined) throw new Error('no run');
    const named = junitOf({ ...report, runs: [{ ...run, id: evil, connection: evil }] });
    expect(sums(named)).toEqual({ tests: 3, failures: 0, skipped: 0 });
    // Nothing that looks like markup is left but the report's own.
    expect(named.match(/<[a-z?/]+/g)).toEqual(['<?xml', '<testsuite', '<testcase', '</testcase', '<testcase', '</testcase', '<testcase', '</testcase', '</testsuite']);
  });
});
