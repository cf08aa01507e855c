import { memo, useMemo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import type { EpochMs } from '#base/units.ts';
import type { MinutePoint } from '#monitor/snapshot.ts';
import { formatLatency, localTime } from '#views/parts/format.ts';
import { useSize } from '#views/parts/use-size.ts';
import { beginningOf, hourTicks, lastOf, latencyTickLabel, latencyTicks } from '#views/parts/charts/chart-axes.ts';
import { BeginningNote, EndLabels, LineNote, LonelyDots, useBlindMarks } from '#views/parts/charts/chart-marks.tsx';
import { ChartHint } from '#views/parts/charts/chart-hint.tsx';
import '#views/parts/charts/chart.css';

interface LatencyChartProps {
  readonly minutes: readonly MinutePoint[];
  readonly domain: readonly [EpochMs, EpochMs];
  readonly objectiveMs: number | null;
}

/** p50, p95 and p99 of the delivery latency per minute on a logarithmic axis; the band is the clock error of p95. */
export const LatencyChart = memo(function LatencyChart({ minutes, domain, objectiveMs }: LatencyChartProps) {
  const [attach, size] = useSize();
  const steps = latencyTicks([...minutes.flatMap((minute) => [minute.p50, minute.p95, minute.p99]), objectiveMs]);
  const [low = 0.1] = steps;
  const high = steps.at(-1) ?? 1;
  const blinds = useBlindMarks(minutes, domain);
  // What is at or below the clock error may be 0 or less, and so has no place of its own on a logarithmic axis.
  const onAxis = (value: number | null): number | null => (value === null ? null : Math.max(low, value));
  // The same elements for new data: the chart then draws its lines anew, and does not register them again.
  const lines = useMemo(() => linesOf(low), [low]);
  const data = useMemo(() => [...minutes], [minutes]);
  const last = (name: 'p50' | 'p95' | 'p99'): number | null => lastOf(minutes, (minute) => minute[name]);
  return (
    <div className="chart" ref={attach} role="img" aria-label={`Delivery latency per minute over the last hour: p50 ${formatLatency(last('p50'))}, p95 ${formatLatency(last('p95'))}, p99 ${formatLatency(last('p99'))}`}>
      {size !== undefined && size.height > 40 && (
        // The name above stands for all of it.
        <div aria-hidden="true">
          <ComposedChart data={data} width={size.width} height={size.height} margin={margin} accessibilityLayer={false}>
            {grid}
            {blinds}
            <XAxis dataKey="at" type="number" domain={[...domain]} ticks={hourTicks(domain, size.width - 148)} tickFormatter={localTime.minute} interval={0} height={18} axisLine={false} tickLine={false} />
            <YAxis scale="log" domain={[low, high]} ticks={steps} tickFormatter={(step: number) => latencyTickLabel(step, steps)} width={58} interval={0} axisLine={false} tickLine={false} allowDataOverflow />
            {objectiveMs !== null && <ReferenceLine y={objectiveMs} stroke="var(--text-2)" strokeWidth={1.2} strokeDasharray="5 4" />}
            {lines}
            {hint}
            {objectiveMs !== null && <LineNote at={objectiveMs} text={`objective: p95 at most ${formatLatency(objectiveMs)}`} />}
            <BeginningNote beginsAt={beginningOf(minutes, (minute) => minute.p50 !== null, domain[0])} clearOf={objectiveMs} />
            <LonelyDots minutes={minutes} values={percentiles} low={low} />
            <EndLabels
              labels={[
                { key: 'p99', at: onAxis(last('p99')), text: `p99 ${formatLatency(last('p99'))}` },
                { key: 'p95', at: onAxis(last('p95')), text: `p95 ${formatLatency(last('p95'))}`, strong: true },
                { key: 'p50', at: onAxis(last('p50')), text: `p50 ${formatLatency(last('p50'))}` },
              ]}
            />
          </ComposedChart>
        </div>
      )}
    </div>
  );
});

const hintLines = (minute: MinutePoint): string[] => [
  `p99 ${formatLatency(minute.p99, minute.uncertaintyMs)}`,
  `p95 ${formatLatency(minute.p95, minute.uncertaintyMs)}`,
  `p50 ${formatLatency(minute.p50, minute.uncertaintyMs)}`,
  `${minute.latencyCount} measured`,
];

const margin = { top: 8, right: 90, bottom: 2, left: 0 };
const grid = <CartesianGrid vertical={false} stroke="var(--grid)" />;
const hint = <Tooltip isAnimationActive={false} cursor={{ stroke: 'var(--line-strong)' }} content={<ChartHint lines={hintLines} />} />;

/** The three lines and their bands, none of them below `low`. */
function linesOf(low: number) {
  const onAxis = (pick: (minute: MinutePoint) => number | null) => (minute: MinutePoint): number | null => {
    const value = pick(minute);
    return value === null ? null : Math.max(low, value);
  };
  const band = (pick: (minute: MinutePoint) => number | null) => (minute: MinutePoint): [number, number] | null => {
    const value = pick(minute);
    return value === null || minute.uncertaintyMs === null ? null : [Math.max(low, value - minute.uncertaintyMs), Math.max(low, value + minute.uncertaintyMs)];
  };
  const still = { dot: false, activeDot: false, isAnimationActive: false } as const;
  return (
    <>
      <Area dataKey={band((minute) => minute.p50)} stroke="none" fill="var(--band)" fillOpacity={1} isAnimationActive={false} activeDot={false} />
      <Area dataKey={band((minute) => minute.p95)} stroke="none" fill="var(--band)" fillOpacity={1} isAnimationActive={false} activeDot={false} />
      <Line {...still} className="line-p99" dataKey={onAxis((minute) => minute.p99)} stroke="var(--series-2)" strokeWidth={1.3} strokeDasharray="1.5 3" strokeLinecap="round" />
      <Line {...still} className="line-p50" dataKey={onAxis((minute) => minute.p50)} stroke="var(--series-2)" strokeWidth={1.4} />
      <Line {...still} className="line-p95" dataKey={onAxis((minute) => minute.p95)} stroke="var(--series)" strokeWidth={2.2} />
    </>
  );
}

const percentiles = [(minute: MinutePoint) => minute.p50, (minute: MinutePoint) => minute.p95, (minute: MinutePoint) => minute.p99];
