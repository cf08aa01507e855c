import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createGzip } from 'node:zlib';
import { startCheck, type CheckProgress, type CheckResult } from '#monitor/check.ts';
import { nodePlatform } from '#monitor/platform.node.ts';
import { captureLine } from '#record/capture-writer.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { codeOf, loadEnvironment } from './config.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { junitOf } from './junit.ts';
import { printDiagnosis, printRejected, printReport } from './print.ts';
import { printExperiment } from './print-experiment.ts';
import { jsonText, plainText } from './terminal.ts';
import { UsageError } from './usage.ts';

export interface CheckArguments {
  readonly config: string;
  readonly env: string | undefined;
  readonly runs: number | undefined;
  readonly connections: number | undefined;
  readonly capture: string | undefined;
  readonly json: boolean;
  readonly junit: string | undefined;
  readonly requireProof: boolean;
  readonly lingerSeconds: number;
  readonly experiment: 'reconnect' | undefined;
}

/** `runwatch check`: watches real runs and judges them. @throws UsageError for a wrong configuration, before anything is connected */
export async function checkCommand(args: CheckArguments): Promise<number> {
  const environment = await loadEnvironment(args.config, args.env);
  const connections = args.connections ?? environment.concurrentConnections;
  const capture = args.capture === undefined ? undefined : await openCapture(args.capture);
  const check = startCheck(
    {
      environment,
      connections,
      runs: args.runs ?? connections,
      requireProof: args.requireProof,
      lingerMs: args.lingerSeconds * 1000,
      ...(args.experiment === undefined ? {} : { experiment: args.experiment }),
      ...(capture === undefined ? {} : { record: (record) => capture.write(record) }),
      ...(process.stderr.isTTY ? { progress: showProgress } : {}),
    },
    nodePlatform(),
  );
  const interrupt = (): void => check.cancel();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const result = await check.result;
  process.off('SIGINT', interrupt);
  process.off('SIGTERM', interrupt);
  await capture?.close();
  if (process.stderr.isTTY) process.stderr.write('\r\u{1b}[K');
  process.stderr.write(problemLines(result, connections));
  process.stdout.write(`${args.json ? jsonText(jsonOf(result)) : textOf(result)}\n`);
  if (args.junit !== undefined) await writeFile(args.junit, junitOf(result.report));
  return exitCodeOfCheck(result);
}

const jsonOf = ({ report, experiment }: CheckResult): object => (experiment === undefined ? report : { ...report, experiment });

const textOf = ({ report, experiment }: CheckResult): string => (experiment === undefined ? printReport(report) : `${printReport(report)}\n\n${printExperiment(experiment)}`);

/** A check whose experiment could not be done has not found out what it was asked. */
function exitCodeOfCheck({ report, experiment }: CheckResult): number {
  const code = exitCodeOf(report);
  return code === exitCodes.pass && experiment?.outcome === 'not-done' ? exitCodes.inconclusive : code;
}

interface CaptureFile {
  write(record: RunwatchRecord): void;
  close(): Promise<void>;
}

async function openCapture(file: string): Promise<CaptureFile> {
  const output = createWriteStream(file);
  try {
    await once(output, 'open');
  } catch (error) {
    throw new UsageError(`Cannot write the capture ${file} (${codeOf(error)}).`);
  }
  const gzip = file.endsWith('.gz') ? createGzip() : undefined;
  gzip?.pipe(output);
  const sink = gzip ?? output;
  return {
    write: (record) => void sink.write(captureLine(record)),
    close: async () => {
      sink.end();
      await once(output, 'close');
    },
  };
}

function showProgress({ connections, open, runs, triggered, closed, lost }: CheckProgress): void {
  const width = 24;
  const filled = Math.round((closed / Math.max(1, runs)) * width);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
  process.stderr.write(`\r${bar} ${closed} of ${runs} runs judged, ${triggered - closed} running, ${lost} lossy; ${open} of ${connections} connections open\u{1b}[K`);
}

function problemLines({ problems, diagnosis, rejected }: CheckResult, connections: number): string {
  const lines = problems.map((problem) => `${problem.connections} of ${connections} connections: ${problem.message} ${problem.remedy}\n`);
  return plainText(`${lines.join('')}${diagnosis === null ? '' : printDiagnosis(diagnosis)}${rejected === null ? '' : printRejected(rejected)}`);
}
