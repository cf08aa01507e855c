/** How many tests a runner ran, as its own JSON report says it. */
import { z } from 'zod';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Each skipped test with its reason. */
  readonly skipped: readonly string[];
  /** Each test that passed at its second try only. */
  readonly flaky?: readonly string[];
}

const vitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/**
 * Counts Vitest's JSON report. A file that could not be loaded, a report that is missing and an exit code
 * that no failed test explains each count as one failure: nothing may fail without being counted.
 */
export function vitestTally(report: unknown, exitCode: number): Tally {
  const parsed = vitestReport.safeParse(report);
  if (!parsed.success) return { passed: 0, failed: 1, skipped: [] };
  const files = parsed.data.testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed =
    tests.filter((test) => test.status === 'failed').length +
    files.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length;
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed').map((test) => test.fullName);
  return explained({ passed, failed, skipped }, exitCode);
}

const playwrightSpec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.object({
      status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
      annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })),
    }),
  ),
});
interface PlaywrightSuite {
  readonly specs: readonly z.infer<typeof playwrightSpec>[];
  readonly suites?: readonly PlaywrightSuite[] | undefined;
}
const playwrightSuite: z.ZodType<PlaywrightSuite> = z.lazy(() => z.object({ specs: z.array(playwrightSpec), suites: z.array(playwrightSuite).optional() }));
const playwrightReport = z.object({ suites: z.array(playwrightSuite), errors: z.array(z.unknown()) });

/** Counts Playwright's JSON report by the same rule; a test that passed at its second try counts as passed, and is named. */
export function playwrightTally(report: unknown, exitCode: number): Tally {
  const parsed = playwrightReport.safeParse(report);
  if (!parsed.success) return { passed: 0, failed: 1, skipped: [] };
  const tests = parsed.data.suites.flatMap(specsOf).flatMap((spec) => spec.tests.map((test) => ({ ...test, title: `${spec.file} ${spec.title}` })));
  const flaky = tests.filter((test) => test.status === 'flaky').map((test) => test.title);
  const passed = tests.filter((test) => test.status === 'expected').length + flaky.length;
  const failed = tests.filter((test) => test.status === 'unexpected').length + parsed.data.errors.length;
  const skipped = tests
    .filter((test) => test.status === 'skipped')
    .map((test) => [test.title, ...test.annotations.map((annotation) => annotation.description ?? annotation.type)].join(': '));
  return explained({ passed, failed, skipped, flaky }, exitCode);
}

const specsOf = (suite: PlaywrightSuite): readonly z.infer<typeof playwrightSpec>[] => [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];

const explained = (tally: Tally, exitCode: number): Tally => (exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally);
