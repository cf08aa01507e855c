import type { ReactNode } from 'react';
import type { ComparedShare, DurationPair, RangeComparison, SharePair } from '#monitor/comparison/comparison-report.ts';
import type { GoldenPathStageName } from '#monitor/snapshot.ts';
import { formatCount, formatInterval, formatPart, formatRuns, formatShare, noData } from '#views/parts/format.ts';
import { Glyph } from '#views/parts/glyph.tsx';
import { CompareHead } from './compare-head.tsx';
import { differenceFigure, differenceVerdict, durationsDifference, durationsFigure, flawWords } from './comparison-words.ts';

const stageWords: Readonly<Record<GoldenPathStageName, string>> = { login: 'Login', connection: 'Connection', agent: 'Agent started', stream: 'Event stream', response: 'Response' };

interface Row {
  readonly key: string;
  readonly name: ReactNode;
  readonly left: ReactNode;
  readonly right: ReactNode;
  readonly difference: ReactNode;
  readonly differs: boolean;
}

interface CompareRangesProps {
  readonly comparison: RangeComparison;
  readonly onlyDifferences: boolean;
  readonly labelId: string;
}

/** Two stretches of time: delivery, golden path, event types and violations, each with what can be said of the difference. */
export function CompareRanges({ comparison, onlyDifferences, labelId }: CompareRangesProps) {
  const { left, right, leaked } = comparison;
  const groups: readonly (readonly [string, readonly Row[]])[] = [
    ['Delivery', [shareRow('delivered', 'Expected events that came', comparison.delivered, lost), shareRow('good', 'Good runs', comparison.good)]],
    ['Golden path', comparison.stages.flatMap(({ stage, share, durations, left: one, right: other }) => [
      { ...shareRow(stage, stageWords[stage], share), left: <Stage {...one} share={share.left} />, right: <Stage {...other} share={share.right} /> },
      durationRow(`${stage} time`, <span className="compare-sub">time</span>, durations),
    ])],
    ['Event types', comparison.types.flatMap(({ type, share, latency, sinceTrigger }) => [
      shareRow(type, <><Glyph type={type} /> {type}</>, share, lost),
      durationRow(`${type} delivery`, <span className="compare-sub">delivery</span>, latency),
      durationRow(`${type} trigger`, <span className="compare-sub">after the trigger</span>, sinceTrigger),
    ])],
    ['Violations', [
      ...comparison.violations.map((violation) => ({
        ...shareRow(violation.kind, flawWords[violation.kind], violation.share, ({ good, trials }) => `in ${formatPart(good, trials)} runs`),
        left: <Violation count={violation.left} share={violation.share.left} />,
        right: <Violation count={violation.right} share={violation.share.right} />,
        differs: violation.differs,
      })),
      { key: 'leaked', name: 'Shown to another user', left: `${formatCount(leaked.left)} events`, right: `${formatCount(leaked.right)} events`, difference: leaked.left === leaked.right ? 'the same' : 'no budget covers one', differs: leaked.left !== leaked.right },
    ]],
  ];
  const shown = groups.map(([title, rows]) => [title, rows.filter((row) => row.differs || !onlyDifferences)] as const).filter(([, rows]) => rows.length > 0);
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="compare-table" role="region" aria-labelledby={labelId} tabIndex={0}>
      <table>
        <caption id={labelId}>Shares with their 95 % intervals, times as median and 95th percentile. The evidence is runs, as the events of one run fail together.</caption>
        <thead>
          <tr>
            <th scope="col">figure</th>
            <CompareHead letter="A" side={left} />
            <CompareHead letter="B" side={right} />
            <th scope="col">B against A</th>
          </tr>
        </thead>
        {shown.map(([title, rows]) => (
          <tbody key={title}>
            <tr>
              <th scope="rowgroup" colSpan={4} className="compare-group">
                {title}
              </th>
            </tr>
            {rows.map(({ key, name, left: one, right: other, difference }) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td>{one}</td>
                <td>{other}</td>
                <td>{difference}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      {shown.length === 0 && <p className="dim">No figure differs.</p>}
    </div>
  );
}

function shareRow(key: string, name: ReactNode, pair: SharePair, below?: (share: ComparedShare) => string): Row {
  const { left, right, difference } = pair;
  const isTold = difference.word === 'higher' || difference.word === 'lower';
  return {
    key,
    name,
    left: <Share share={left} below={below} />,
    right: <Share share={right} below={below} />,
    difference: (
      <>
        <span className={isTold ? 'is-told' : undefined}>{differenceFigure(difference)}</span>
        <small>{differenceVerdict(difference)}</small>
      </>
    ),
    differs: difference.word === 'no-data' ? left.valid !== right.valid : difference.word !== 'same',
  };
}

const durationRow = (key: string, name: ReactNode, pair: DurationPair): Row => ({
  key,
  name,
  left: durationsFigure(pair.left),
  right: durationsFigure(pair.right),
  difference: <span className={pair.differs ? 'is-told' : undefined}>{durationsDifference(pair)}</span>,
  differs: pair.differs,
});

const lost = ({ good, valid }: ComparedShare): string => `${formatPart(valid - good, valid)} lost`;

function Share({ share, below }: { readonly share: ComparedShare; readonly below?: ((share: ComparedShare) => string) | undefined }) {
  if (share.ratio === null) return noData;
  return (
    <>
      {formatShare(share.ratio)} <small>{formatInterval(share.interval)}</small>
      <small>{below === undefined ? `of ${formatRuns(share.trials)}` : below(share)}</small>
    </>
  );
}

function Stage({ passed, failed, blocked, share }: { readonly passed: number; readonly failed: number; readonly blocked: number; readonly share: ComparedShare }) {
  return (
    <>
      {formatShare(share.ratio)} <small>{`${formatCount(passed)} passed, ${formatCount(failed)} failed, ${formatCount(blocked)} blocked`}</small>
    </>
  );
}

function Violation({ count, share }: { readonly count: number; readonly share: ComparedShare }) {
  if (share.ratio === null) return noData;
  return (
    <>
      {formatCount(count)} <small>{`in ${formatPart(share.good, share.trials)} runs`}</small>
    </>
  );
}
