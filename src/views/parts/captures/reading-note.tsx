import { useNewestOpened } from '#views/parts/use-monitor.ts';

/** How far the capture is that is being read. */
export function ReadingNote({ name }: { readonly name: string }) {
  const loading = useNewestOpened()?.find(({ opened }) => opened?.name === name && opened.loading !== null)?.opened?.loading ?? 0;
  return (
    <span className="reading-note" role="status">
      <progress value={loading} aria-label={`Reading ${name}`} />
      {`Reading ${name} …`}
    </span>
  );
}
