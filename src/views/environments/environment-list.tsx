import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { formatPart } from '#views/parts/format.ts';
import { MockChip } from '#views/parts/mock-chip.tsx';
import { Panel } from '#views/parts/panel.tsx';
import { StateWord } from '#views/parts/state-word.tsx';
import { useFreshness } from '#views/parts/use-freshness.ts';
import './environment-list.css';

interface EnvironmentListProps {
  readonly environments: readonly EnvironmentSnapshot[];
  readonly chosen: string;
  readonly shown: string;
  readonly onPick: (environmentId: string) => void;
}

/** Every environment of the file, to choose from. */
export function EnvironmentList({ environments, chosen, shown, onPick }: EnvironmentListProps) {
  const nameOf = (id: string): string => environments.find((each) => each.id === id)?.name ?? id;
  return (
    <Panel title="All environments" caption="choose the one to watch" mock={false}>
      <ul className="environment-list">
        {environments.map((environment) => (
          <li key={environment.id}>
            <Row environment={environment} chosen={environment.id === chosen} shown={environment.id === shown} fallback={environment.fallback.map(nameOf)} onPick={onPick} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

interface RowProps {
  readonly environment: EnvironmentSnapshot;
  readonly chosen: boolean;
  readonly shown: boolean;
  readonly fallback: readonly string[];
  readonly onPick: (environmentId: string) => void;
}

function Row({ environment, chosen, shown, fallback, onPick }: RowProps) {
  const { state } = useFreshness(environment);
  const { id, name, kind, transport, phase, open, wanted } = environment;
  const standing = phase === 'idle' ? 'not connected' : phase === 'failed' ? 'not up' : `${formatPart(open, wanted)} connected`;
  return (
    <button type="button" className="environment-item" aria-pressed={chosen} onClick={() => onPick(id)}>
      <b>{name}</b>
      {kind === 'mock' ? <MockChip /> : <span className="chip">{kind}</span>}
      {shown && !chosen && <span className="chip">shown</span>}
      <i className="grow" />
      {phase !== 'idle' && <StateWord state={state} />}
      <span className="environment-note">{`${transport}, ${standing}${fallback.length === 0 ? '' : `; falls back to ${fallback.join(', ')}`}`}</span>
    </button>
  );
}
