import { useEffect, useState } from 'react';
import type { FileCheck } from '#environment/file-check.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';

/** Larger files are neither read nor checked: an environments file takes some kilobytes. */
export const mostFileBytes = 1024 * 1024;

/** How long typing has to pause. */
const pauseMs = 150;

/** What is to be said of a text, a moment after it was written; that of the text before until then. */
export function useFileCheck(text: string): FileCheck | undefined {
  const { client } = useMonitorStore();
  const [check, setCheck] = useState<FileCheck>();
  useEffect(() => {
    let stopped = false;
    const timer = setTimeout(() => {
      const checked = text.length > mostFileBytes ? Promise.resolve(tooLarge) : client.check(text);
      checked.then(
        (answer) => {
          if (!stopped) setCheck(answer);
        },
        () => undefined,
      );
    }, pauseMs);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [client, text]);
  return check;
}

const tooLarge: FileCheck = { faults: [{ path: '(file)', found: 'more than 1 MiB', expected: 'an environments file of 1 MiB at most', line: 1 }], secrets: [], names: [], environments: 0 };
