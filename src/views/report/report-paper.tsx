import { useMemo } from 'react';
import { accountingLines, dateLine, kindLine, verdictLine, windowLine } from '#monitor/whys/whys-drawing.ts';
import type { WhysNote, WhysReport } from '#monitor/whys/whys-report.ts';
import { localTime } from '#views/parts/format.ts';
import { StateShape } from '#views/parts/state-word.tsx';
import { FiveWhys } from './five-whys.tsx';
import { ReportContext } from './records-link.tsx';
import { EvidenceTable, HealthTable, MetricsTable, PathImpact } from './report-tables.tsx';
import './report-paper.css';

interface ReportPaperProps {
  readonly report: WhysReport;
  /** The environment as the page names it. */
  readonly environmentId: string;
  readonly answers: ReadonlyMap<number, string>;
  readonly onAnswer: (number: number, text: string) => void;
}

/** The report as on paper. */
export function ReportPaper({ report, environmentId, answers, onAnswer }: ReportPaperProps) {
  const shown = useMemo(() => ({ report, environmentId }), [report, environmentId]);
  return (
    <ReportContext value={shown}>
      <article className="report-paper" aria-label="Report">
        <h1>{report.title}</h1>
        <p className="report-meta">
          {kindLine(report)}. {dateLine(report.at)}.<br />
          {windowLine(report)} Made by {report.app}.
        </p>
        <div className={`report-lead is-${report.verdict.state}`}>
          <StateShape state={report.verdict.state} size={52} />
          <div>
            <p className="report-state">{verdictLine(report)}</p>
            <p>{report.summary.join(' ')}</p>
          </div>
        </div>
        <div className="report-columns">
          <HealthTable rows={report.health} />
          <PathImpact groups={report.path} />
        </div>
        <EvidenceTable groups={report.evidence} slo={report.accounting.slo} />
        <FiveWhys whys={report.whys} answers={answers} onAnswer={onAnswer} />
        <Steps report={report} />
        <MetricsTable metrics={report.metrics} />
        {report.notes.length > 0 && <Notes notes={report.notes} />}
        <section className="report-fine" aria-label="Rules of accounting">
          <h2>Rules of accounting</h2>
          {accountingLines(report).map((line) => (
            <p key={line}>{line}</p>
          ))}
        </section>
      </article>
    </ReportContext>
  );
}

const Steps = ({ report: { steps } }: { readonly report: WhysReport }) => (
  <section aria-label="Next steps">
    <h2>Next steps</h2>
    <ul>
      {steps.map(({ text }) => (
        <li key={text} className="report-step">
          <span className="report-box" aria-hidden="true" />
          <span>{text}</span>
          <span className="report-slot">owner ……………………</span>
          <span className="report-slot">due ………………</span>
        </li>
      ))}
    </ul>
  </section>
);

const Notes = ({ notes }: { readonly notes: readonly WhysNote[] }) => (
  <section aria-label="Notes">
    <h2>Notes</h2>
    <ul>
      {notes.map(({ at, text, author, run, acknowledges }) => (
        <li key={`${at} ${text}`}>
          {localTime.time(at)} {author}
          {run !== null && `, on run ${run}`}
          {acknowledges && ' (acknowledged)'}: {text}
        </li>
      ))}
    </ul>
  </section>
);
