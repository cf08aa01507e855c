import { useState } from 'react';
import type { EnvironmentSnapshot, GoldenPathStage, GoldenPathStageName } from '#monitor/snapshot.ts';
import { formatCount, formatDuration, formatWindow, noData } from '#views/parts/format.ts';
import { Icon } from '#views/parts/icon.tsx';
import { MockChip } from '#views/parts/mock-chip.tsx';
import { Panel } from '#views/parts/panel.tsx';
import './golden-path-compare.css';

interface GoldenPathCompareProps {
  readonly environments: readonly EnvironmentSnapshot[];
  readonly shown: string;
}

const stages: readonly (readonly [GoldenPathStageName, string])[] = [
  ['login', 'Login'],
  ['connection', 'Connection'],
  ['agent', 'Agent started'],
  ['stream', 'Event stream'],
  ['response', 'Response'],
];

/** How far triggered runs come in two environments, side by side. */
export function GoldenPathCompare({ environments, shown }: GoldenPathCompareProps) {
  const [picked, setPicked] = useState<{ readonly left?: string; readonly right?: string }>({});
  const find = (id: string | undefined): EnvironmentSnapshot | undefined => environments.find((each) => each.id === id);
  const left = find(picked.left) ?? find(shown) ?? environments[0];
  const others = environments.filter(({ id }) => id !== left?.id);
  const right = find(picked.right) ?? others.find(({ phase }) => phase !== 'idle') ?? others[0];
  if (left === undefined || right === undefined) return null;
  const windows = [...new Set([left.windowMs, right.windowMs])].map(formatWindow).join(' and ');
  return (
    <Panel title="Golden path, side by side" caption={`triggered runs in ${windows}`} mock={false}>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="path-compare" role="region" aria-label="Golden path of two environments" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                Stage
              </th>
              <Head label="First environment" environment={left} environments={environments} onPick={(id) => setPicked({ ...picked, left: id })} />
              <Head label="Second environment" environment={right} environments={environments} onPick={(id) => setPicked({ ...picked, right: id })} />
            </tr>
            <tr>
              {[left, right].flatMap(({ id }, side) => ['Passed', 'Failed', 'p50', 'p95'].map((name) => <th key={`${side} ${id} ${name}`} scope="col" className={name === 'Passed' ? 'path-begin' : undefined}>{name}</th>))}
            </tr>
          </thead>
          <tbody>
            {stages.map(([stage, name]) => (
              <tr key={stage}>
                <th scope="row">{name}</th>
                <Figures stage={left.goldenPath.find((each) => each.stage === stage)} />
                <Figures stage={right.goldenPath.find((each) => each.stage === stage)} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

interface HeadProps {
  readonly label: string;
  readonly environment: EnvironmentSnapshot;
  readonly environments: readonly EnvironmentSnapshot[];
  readonly onPick: (environmentId: string) => void;
}

const Head = ({ label, environment, environments, onPick }: HeadProps) => (
  <th scope="colgroup" colSpan={4} className="path-begin">
    <span className="path-head">
      <span className="control picker">
        <select aria-label={label} value={environment.id} onChange={(event) => onPick(event.target.value)}>
          {environments.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <Icon name="down" size={14} />
      </span>
      {environment.kind === 'mock' && <MockChip />}
    </span>
  </th>
);

function Figures({ stage }: { readonly stage: GoldenPathStage | undefined }) {
  const counted = stage !== undefined && stage.passed + stage.failed + stage.inconclusive + stage.blocked + stage.pending > 0;
  const count = (of: 'passed' | 'failed'): string => (counted ? formatCount(stage[of]) : noData);
  const duration = (ms: number | null | undefined): string => (ms === null || ms === undefined ? noData : formatDuration(ms));
  return (
    <>
      <td className="path-begin">{count('passed')}</td>
      <td className={counted && stage.failed > 0 ? 'is-bad' : undefined}>{count('failed')}</td>
      <td>{duration(stage?.medianMs)}</td>
      <td>{duration(stage?.p95Ms)}</td>
    </>
  );
}
