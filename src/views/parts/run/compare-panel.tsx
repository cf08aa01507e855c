import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { EpochMs } from '#base/units.ts';
import type { Comparison } from '#monitor/comparison/comparison-report.ts';
import { Icon } from '#views/parts/icon.tsx';
import { Sheet } from '#views/parts/sheet.tsx';
import { navigate, useQueryState } from '#views/parts/url-state.ts';
import { useMonitorStore, useSnapshot } from '#views/parts/use-monitor.ts';
import { CompareRanges } from './compare-ranges.tsx';
import { CompareRuns } from './compare-runs.tsx';
import { CompareSide, type SideChoice } from './compare-side.tsx';
import { formatComparison, formatSide, parseComparison, type ComparedSides } from './comparison-address.ts';
import { lackWords, sideWords } from './comparison-words.ts';
import { useComparison } from './use-comparison.ts';
import { shownStretch, stretchBefore, usualComparisonOf, type Stretch } from './usual-comparison.ts';
import './compare-panel.css';

interface ComparePanelProps {
  readonly environmentId: string;
  readonly onClose: () => void;
}

/** Two stretches of time, or two runs, beside each other. Which ones stands in the address; what it does not say is chosen as most want it. */
export function ComparePanel({ environmentId, onClose }: ComparePanelProps) {
  const { compare, run } = useQueryState();
  const { shown, onsetAt } = useSurroundings(environmentId);
  const sides = useMemo(() => parseComparison(compare), [compare]);
  const answer = useComparison(sides);
  const [onlyDifferences, setOnlyDifferences] = useState(false);
  const places = usePlaces();
  const closing = useRef(false);
  const choose = useCallback((next: ComparedSides) => navigate({ compare: formatComparison(next) }, 'replace'), []);
  useEffect(() => {
    if (sides !== undefined || closing.current) return;
    // When the trouble began says with what a stretch is compared, so that is waited for.
    if (run !== undefined) choose(usualComparisonOf(environmentId, run, shown, undefined));
    else if (onsetAt !== 'asking') choose(usualComparisonOf(environmentId, run, shown, onsetAt));
  }, [sides, environmentId, run, shown, onsetAt, choose]);
  const close = useCallback(() => {
    closing.current = true;
    navigate({ compare: undefined }, 'replace');
    onClose();
  }, [onClose]);
  return (
    <Sheet title="Compare" onClose={close}>
      <div className="compare">
        {sides !== undefined && (
          <div className="compare-sides">
            <CompareSide letter="A" side={sides.left} places={places} choices={choicesOf(sides, sides.left.environmentId, run, shown, onsetAt)} onChoose={(left) => choose({ ...sides, left })} />
            <button type="button" className="icon-button" title="Change sides" onClick={() => choose({ left: sides.right, right: sides.left })}>
              <Icon name="compare" />
              <span className="visually-hidden">Change sides</span>
            </button>
            <CompareSide letter="B" side={sides.right} places={places} choices={choicesOf(sides, sides.right.environmentId, run, shown, onsetAt)} onChoose={(right) => choose({ ...sides, right })} />
            <label className="compare-switch">
              <input type="checkbox" checked={onlyDifferences} onChange={(event) => setOnlyDifferences(event.target.checked)} />
              only differences
            </label>
          </div>
        )}
        {answer.phase === 'asking' && <p className="dim">Comparing …</p>}
        {answer.phase === 'failed' && (
          <p className="compare-problem" role="alert">
            {answer.message}
          </p>
        )}
        {answer.phase === 'known' && <Result comparison={answer.comparison} onlyDifferences={onlyDifferences} />}
      </div>
    </Sheet>
  );
}

function Result({ comparison, onlyDifferences }: { readonly comparison: Comparison; readonly onlyDifferences: boolean }) {
  const label = useId();
  switch (comparison.kind) {
    case 'nothing':
      return (
        <p className="compare-problem" role="status">
          <b>{comparison.side === 'left' ? 'A' : 'B'}:</b> {lackWords[comparison.lack]}
        </p>
      );
    case 'runs':
      return <CompareRuns comparison={comparison} onlyDifferences={onlyDifferences} labelId={label} />;
    case 'ranges':
      return <CompareRanges comparison={comparison} onlyDifferences={onlyDifferences} labelId={label} />;
  }
}

/** What was on the screen when the panel was opened, and since when something is wrong. */
function useSurroundings(environmentId: string): { readonly shown: Stretch; readonly onsetAt: EpochMs | undefined | 'asking' } {
  const store = useMonitorStore();
  const { from, to } = useQueryState();
  const [openedAt] = useState(store.shownNow);
  const shown = useMemo(() => shownStretch({ from, to }, openedAt), [from, to, openedAt]);
  const [onsetAt, setOnsetAt] = useState<EpochMs | undefined | 'asking'>('asking');
  useEffect(() => {
    let stopped = false;
    const take = (at: EpochMs | undefined): void => {
      if (!stopped) setOnsetAt(at);
    };
    store.client.ask('incident', { environmentId, ...shown }).then(
      (report) => take(report?.incidents[0]?.onsetAt),
      () => take(undefined),
    );
    return () => {
      stopped = true;
    };
  }, [store, environmentId, shown]);
  return { shown, onsetAt };
}

/** Environments of which something may be known, and opened captures. */
function usePlaces(): readonly { readonly id: string; readonly name: string }[] {
  const environments = useSnapshot((snapshot) => snapshot.environments);
  const opened = useSnapshot((snapshot) => snapshot.opened);
  return useMemo(() => [...(environments ?? []), ...(opened ?? [])].map(({ id, name, phase }) => ({ id, name: phase === 'idle' ? `${name} – not connected` : name })), [environments, opened]);
}

function choicesOf(sides: ComparedSides, environmentId: string, open: string | undefined, shown: Stretch, onsetAt: EpochMs | undefined | 'asking'): SideChoice[] {
  const before = stretchBefore(shown);
  const named = [sides.left, sides.right].flatMap((side) => ('run' in side ? [side.run] : 'lastGoodBefore' in side ? [side.lastGoodBefore] : []));
  const runs = [...new Set([...named, ...(open === undefined ? [] : [open])])];
  const listed: SideChoice[] = [
    { words: `this range, ${sideWords({ environmentId, ...shown })}`, side: { environmentId, ...shown } },
    { words: `the range before, ${sideWords({ environmentId, ...before })}`, side: { environmentId, ...before } },
    ...(onsetAt === undefined || onsetAt === 'asking' ? [] : [{ words: `before the onset, ${sideWords({ environmentId, ...stretchBefore(shown, onsetAt) })}`, side: { environmentId, ...stretchBefore(shown, onsetAt) } }]),
    { words: 'all that is known', side: { environmentId, from: undefined, to: undefined } },
    ...runs.flatMap((run): SideChoice[] => [
      { words: sideWords({ environmentId, run }), side: { environmentId, run } },
      { words: sideWords({ environmentId, lastGoodBefore: run }), side: { environmentId, lastGoodBefore: run } },
    ]),
  ];
  // The range before may be that before the onset.
  return listed.filter(({ side }, index) => listed.findIndex((other) => formatSide(other.side) === formatSide(side)) === index);
}
