import { useCallback, useEffect, useMemo, useState } from 'react';
import type { WhysDrawing } from '#monitor/whys/whys-drawing.ts';
import { whysChat } from '#monitor/whys/whys-chat.ts';
import { whysHtml } from '#monitor/whys/whys-html.ts';
import { whysMarkdown } from '#monitor/whys/whys-markdown.ts';
import type { WhysReport } from '#monitor/whys/whys-report.ts';
import { Icon } from '#views/parts/icon.tsx';
import { navigate, useQueryState } from '#views/parts/url-state.ts';
import { useCopy } from '#views/parts/use-copy.ts';
import { download, reportFileName } from './report-file.ts';
import { ReportPaper } from './report-paper.tsx';
import { useWhys } from './use-whys.ts';
import './report.css';

/** The report of an environment in the form of Five Whys: as it stands, to be completed by people, and to be taken along. */
export function Report({ environmentId }: { readonly environmentId: string }) {
  const { answer, again } = useWhys(environmentId);
  if (answer.phase === 'known') return <KnownReport report={answer.report} environmentId={environmentId} onAgain={again} />;
  return <p className="report-wait dim">{answer.phase === 'asking' ? 'Making the report …' : 'Nothing is known of this environment yet. Connect to it, or open a capture; then make the report again.'}</p>;
}

function KnownReport({ report, environmentId, onAgain }: { readonly report: WhysReport; readonly environmentId: string; readonly onAgain: () => void }) {
  const [answers, setAnswers] = useState<ReadonlyMap<string, string>>(new Map());
  // Kept by their questions: a report that is made anew may ask others.
  const numbered = useMemo(() => new Map(report.whys.flatMap(({ question }, index) => (answers.has(question) ? [[index + 1, answers.get(question) ?? ''] as const] : []))), [report, answers]);
  const write = useCallback((number: number, text: string) => setAnswers((before) => new Map(before).set(report.whys[number - 1]?.question ?? '', text)), [report]);
  const drawing: WhysDrawing = useMemo(() => ({ page: `${window.location.origin}${window.location.pathname}`, env: environmentId, answers: numbered }), [environmentId, numbered]);
  const markdown = useCopy(useCallback(() => whysMarkdown(report, drawing), [report, drawing]));
  const chat = useCopy(useCallback(() => whysChat(report, drawing), [report, drawing]));
  const { from, to } = useQueryState();
  useLightOnPaper();
  const save = (extension: 'md' | 'html'): void => {
    const text = extension === 'md' ? whysMarkdown(report, drawing) : whysHtml(report, drawing);
    download(text, reportFileName(environmentId, report.at, extension), extension === 'md' ? 'text/markdown' : 'text/html');
  };
  return (
    <div className="report-view">
      <div className="report-tools" role="group" aria-label="Take the report along">
        <button type="button" className="control" onClick={onAgain}>
          Make it anew
        </button>
        {(from !== undefined || to !== undefined) && (
          <button type="button" className="control" onClick={() => navigate({ from: undefined, to: undefined })}>
            The whole window
          </button>
        )}
        <i className="grow" />
        <Tool name="Markdown" onClick={() => save('md')} icon="save" />
        <Tool name="HTML" onClick={() => save('html')} icon="save" />
        <Tool name={markdown.said ?? 'Copy Markdown'} onClick={markdown.copy} icon="copy" />
        <Tool name={chat.said ?? 'For chat'} onClick={chat.copy} icon="copy" />
        <Tool name="Print" onClick={() => window.print()} icon="report" />
      </div>
      <ReportPaper report={report} environmentId={environmentId} answers={numbered} onAnswer={write} />
    </div>
  );
}

/** Printers leave out dark grounds, and light text with them. */
function useLightOnPaper(): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    let theme: string | undefined;
    const before = (): void => {
      theme = dataset['theme'];
      dataset['theme'] = 'light';
    };
    const after = (): void => {
      if (theme === undefined) delete dataset['theme'];
      else dataset['theme'] = theme;
    };
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
}

interface ToolProps {
  readonly name: string;
  readonly icon: 'save' | 'copy' | 'report';
  readonly onClick: () => void;
}

const Tool = ({ name, icon, onClick }: ToolProps) => (
  <button type="button" className="control" onClick={onClick}>
    <Icon name={icon} />
    <span aria-live="polite">{name}</span>
  </button>
);
