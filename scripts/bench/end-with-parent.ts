import process from 'node:process';

/** Ends this program on SIGTERM, and when the program that started it has gone without a word. */
export function endWithParent(): void {
  const parent = process.ppid;
  process.on('SIGTERM', () => process.exit(0));
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 1000).unref();
}
