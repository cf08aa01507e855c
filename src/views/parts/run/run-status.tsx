import type { RunReport } from '#monitor/report.ts';
import './run-status.css';

/** What a run came to: shape, word and colour. */
export function RunStatus({ status }: { readonly status: RunReport['status'] }) {
  return (
    <span className={`run-status is-${status}`}>
      <svg width="13" height="13" viewBox="0 0 24 24" aria-hidden="true">
        <Shape status={status} />
      </svg>
      {status}
    </span>
  );
}

function Shape({ status }: { readonly status: RunReport['status'] }) {
  switch (status) {
    case 'running':
      return <path className="line" d="M7 4v16l13-8Z" />;
    case 'complete':
      return <path className="line" d="M4 12.500l5.500 5.500L20 6.500" />;
    case 'incomplete':
      return (
        <>
          <rect className="line dashed" x="3.500" y="3.500" width="17" height="17" />
          <path className="line" d="M8 12h8" />
        </>
      );
    case 'failed':
      return <path className="line" d="M5 5l14 14M19 5 5 19" />;
    case 'inconclusive':
      return (
        <>
          <path className="line" d="M12 1.4 22.6 12 12 22.6 1.4 12Z" />
          <path className="line" d="M9.5 9.8c0-1.6 1.1-2.6 2.6-2.6s2.6 1 2.6 2.4c0 1.9-2.5 2-2.5 4.1M12.1 16.9v.2" />
        </>
      );
  }
}
