import { useMemo, useState } from 'react';
import type { Chain } from '#environment/chain.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { useKeys } from '#views/parts/use-keys.ts';
import { AuthMatrix } from './auth-matrix.tsx';
import { ChainSteps } from './chain-steps.tsx';
import { ConfigEditor } from './config-editor.tsx';
import { EnvironmentList } from './environment-list.tsx';
import { GoldenPathCompare } from './golden-path-compare.tsx';
import { HealthHistory } from './health-history.tsx';
import { MappingPreview } from './mapping-preview.tsx';
import { ReconnectExperiment } from './reconnect-experiment.tsx';
import { StartupChart } from './startup-chart.tsx';
import './environments.css';

interface EnvironmentsProps {
  readonly environments: readonly EnvironmentSnapshot[];
  /** What the page shows: the chosen one, or what the chain uses in its place. */
  readonly shown: EnvironmentSnapshot;
  /** The id that was chosen. */
  readonly chosen: string;
  readonly chain: Chain | undefined;
  readonly onPick: (environmentId: string) => void;
  readonly onTake: (environmentId: string) => void;
}

/** Which environments there are, which one is used and why, and how they compare. A panel of the grid takes half of it, or all with `is-wide`. */
export function Environments({ environments, shown, chosen, chain, onPick, onTake }: EnvironmentsProps) {
  const table = useTable();
  return (
    <div className="environments-view">
      {chain !== undefined && <ChainSteps chain={chain} environments={environments} onTake={onTake} />}
      <div className="environments-grid">
        <StartupChart environments={environments} chain={chain} table={table} />
        <EnvironmentList environments={environments} chosen={chosen} shown={shown.id} onPick={onPick} />
        <HealthHistory environments={environments} />
        <AuthMatrix environment={shown} />
        <ConfigEditor />
        <GoldenPathCompare environments={environments} shown={shown.id} />
        <MappingPreview environment={shown} />
        <ReconnectExperiment environmentId={shown.id} />
      </div>
    </div>
  );
}

/** Whether the chart is shown as a table; `t` turns it. */
function useTable() {
  const [shown, setShown] = useState(false);
  const table = useMemo(() => ({ shown, toggle: () => setShown((before) => !before) }), [shown]);
  useKeys(useMemo(() => ({ t: table.toggle }), [table]));
  return table;
}
