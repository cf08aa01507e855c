import { createContext, use, type MouseEvent, type ReactNode } from 'react';
import { queryOf } from '#monitor/whys/whys-drawing.ts';
import type { EvidenceLink, WhysReport } from '#monitor/whys/whys-report.ts';
import { navigate } from '#views/parts/url-state.ts';

/** The report that a text belongs to, and the environment as the page names it. */
export const ReportContext = createContext<{ readonly report: WhysReport; readonly environmentId: string } | undefined>(undefined);

interface RecordsLinkProps {
  readonly link: EvidenceLink | null;
  readonly children: ReactNode;
}

/** Leads from a figure to what it was counted from, in the triage view. */
export function RecordsLink({ link, children }: RecordsLinkProps) {
  const shown = use(ReportContext);
  if (link === null || shown === undefined) return children;
  const query = queryOf(shown.report, link, shown.environmentId);
  /** A page that is loaded anew has forgotten all that it counted, so the view is changed in place. */
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate({ view: 'triage', env: shown.environmentId, from: link.from, to: link.to, filter: link.filter ?? undefined, run: undefined });
  };
  return (
    <a className="records-link" href={query} onClick={go}>
      {children}
    </a>
  );
}
