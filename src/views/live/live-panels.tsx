import type { ChartPanelProps } from '#views/parts/charts/chart-panel.ts';
import { Completeness } from '#views/parts/charts/completeness.tsx';
import { GoldenPath } from '#views/parts/charts/golden-path.tsx';
import { LatencyPanel } from './latency-panel.tsx';
import { ReliabilityPanel } from './reliability-panel.tsx';

export type ChartName = 'golden-path' | 'completeness' | 'latency' | 'reliability';

interface LivePanelsProps extends Pick<ChartPanelProps, 'environmentId' | 'mock'> {
  readonly tableOf: (name: ChartName) => ChartPanelProps['table'];
}

/** What the verdict rests on. */
export function LivePanels({ environmentId, mock, tableOf }: LivePanelsProps) {
  return (
    <>
      <div className="live-pair live-path">
        <GoldenPath environmentId={environmentId} mock={mock} table={tableOf('golden-path')} />
        <Completeness environmentId={environmentId} mock={mock} table={tableOf('completeness')} />
      </div>
      <div className="live-pair live-charts">
        <LatencyPanel environmentId={environmentId} mock={mock} table={tableOf('latency')} />
        <ReliabilityPanel environmentId={environmentId} mock={mock} table={tableOf('reliability')} />
      </div>
    </>
  );
}
