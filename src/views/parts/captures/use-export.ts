import { useEffect, useState } from 'react';
import type { ExportAnswer, ExportAsk } from '#monitor/export/exported-capture.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';

/** A file that is ready. */
export type ExportedFile = Extract<ExportAnswer, { readonly kind: 'exported' }>;

/** How far an export is. */
export type ExportState =
  | { readonly kind: 'making'; readonly share: number }
  | { readonly kind: 'ready'; readonly file: ExportedFile }
  | { readonly kind: 'failed'; readonly message: string };

const lookMs = 250;

/** What was asked for, and how far that is. */
interface Asked {
  readonly key: string;
  readonly state: ExportState;
}

const begun: ExportState = { kind: 'making', share: 0 };

/** Makes the file that is asked for, and makes it anew when something else is; what is under way then ends, as it does when nobody looks any more. */
export function useExport({ environmentId, from, to, format, payloads }: ExportAsk): ExportState {
  const { client } = useMonitorStore();
  const key = [environmentId, from, to, format, payloads].join(' ');
  const [asked, setAsked] = useState<Asked>({ key, state: begun });
  useEffect(() => {
    let isOver = false;
    const tell = (next: ExportState): void => {
      if (!isOver) setAsked({ key, state: next });
    };
    const look = setInterval(() => {
      client.ask('exportStatus', { environmentId }).then(
        ({ share }) => share !== null && tell({ kind: 'making', share }),
        () => undefined,
      );
    }, lookMs);
    client
      .ask('exportCapture', { environmentId, from, to, format, payloads })
      .then(
        (answer) => {
          if (answer.kind === 'exported') tell({ kind: 'ready', file: answer });
          else if (answer.kind === 'nothing') tell({ kind: 'failed', message: 'Nothing is known of this environment. Connect to it, or open a capture of it.' });
        },
        (error: unknown) => tell({ kind: 'failed', message: error instanceof Error ? error.message : 'The monitor gave no reason.' }),
      )
      .finally(() => clearInterval(look));
    return () => {
      isOver = true;
      clearInterval(look);
      client.ask('exportStatus', { environmentId, cancel: true }).catch(() => undefined);
    };
  }, [client, key, environmentId, from, to, format, payloads]);
  return asked.key === key ? asked.state : begun;
}
