import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';

export interface Child {
  readonly process: ChildProcess;
  /** Ends it by its own process id and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a TypeScript program of this project in a Node process of its own, so that its id is the one to end. */
export function startProgram(file: string, args: readonly string[], stdio: 'inherit' | 'pipe'): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { stdio: ['ignore', stdio, 'inherit'] });
  return {
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 3000);
      await gone;
      clearTimeout(patience);
    },
  };
}

/** The first line of the child's output that matches, as its match; rejects when the child ends before. */
export function waitForLine(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const match = pattern.exec(text);
      if (match !== null) resolve(match);
    });
    child.once('exit', (code) => reject(new Error(`The program ended with ${code ?? 'a signal'} before it said ${pattern}: ${text}`)));
  });
}
