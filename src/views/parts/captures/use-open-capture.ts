import { useCallback, useState } from 'react';
import type { OpenFault } from '#monitor/opened/open-fault.ts';
import { navigate, useQueryState } from '#views/parts/url-state.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';

export interface OpenCapture {
  /** Opens a capture, and shows it. @param name of its file */
  readonly open: (capture: Blob, name: string) => void;
  /** The file that is being read. */
  readonly reading: string | undefined;
  /** Why the last one could not be opened. */
  readonly fault: { readonly name: string; readonly fault: OpenFault } | undefined;
  readonly dismiss: () => void;
}

/**
 * Opens captures; what is shown stays as it is until one is read, and where it cannot be.
 * @param keeps the run and the stretch of time that the address names: they are looked for in the capture
 */
export function useOpenCapture(keeps = false): OpenCapture {
  const store = useMonitorStore();
  const { view } = useQueryState();
  const [reading, setReading] = useState<string>();
  const [fault, setFault] = useState<OpenCapture['fault']>();
  const open = useCallback(
    (capture: Blob, name: string) => {
      setReading(name);
      setFault(undefined);
      store.client.ask('openCapture', { capture, name }).then(
        (answer) => {
          setReading(undefined);
          if (answer.kind === 'fault') setFault({ name, fault: answer.fault });
          else navigate({ view: view === 'environments' ? 'live' : view, env: answer.environmentId, ...(!keeps && { run: undefined, from: undefined, to: undefined }) });
        },
        (error: unknown) => {
          setReading(undefined);
          const message = error instanceof Error ? error.message : 'The monitor gave no reason.';
          setFault({ name, fault: { line: null, reason: 'not-folded', message, remedy: 'Reload the page and open it again.' } });
        },
      );
    },
    [store, view, keeps],
  );
  const dismiss = useCallback(() => setFault(undefined), []);
  return { open, reading, fault, dismiss };
}
