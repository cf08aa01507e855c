import { memo, useMemo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import type { EpochMs } from '#base/units.ts';
import type { MinutePoint } from '#monitor/snapshot.ts';
import { formatBudgetLeft, formatBudgetUsed, formatInterval, formatPart, formatShare, formatTarget, localTime } from '#views/parts/format.ts';
import { useSize } from '#views/parts/use-size.ts';
import { beginningOf, budgetAxisFrom, budgetTickLabel, hourTicks, lastOf, shareAxisFrom, shareTickLabel, shareTicks } from '#views/parts/charts/chart-axes.ts';
import { BeginningNote, EndLabels, LonelyDots, useBlindMarks } from '#views/parts/charts/chart-marks.tsx';
import { ChartHint } from '#views/parts/charts/chart-hint.tsx';
import '#views/parts/charts/chart.css';

interface ReliabilityChartProps {
  readonly minutes: readonly MinutePoint[];
  readonly domain: readonly [EpochMs, EpochMs];
  readonly target: number;
}

const axisWidth = 58;
const endRoom = 90;
const budgetHeight = 60;

/** The delivered share of the last five minutes with its interval against the target; below it, what is left of the error budget. */
export const ReliabilityChart = memo(function ReliabilityChart({ minutes, domain, target }: ReliabilityChartProps) {
  const [attach, size] = useSize();
  const from = shareAxisFrom(minutes, target);
  const budgetFrom = budgetAxisFrom(minutes);
  const blinds = useBlindMarks(minutes, domain);
  const ratio = lastOf(minutes, (minute) => minute.ratio);
  const left = lastOf(minutes, (minute) => minute.budgetLeft);
  const data = useMemo(() => [...minutes], [minutes]);
  const label = `Delivered share over the last hour against the target of ${formatTarget(target)}: now ${formatShare(ratio)}; error budget ${budgetWords(left)}`;
  return (
    <div className="chart" ref={attach} role="img" aria-label={label}>
      {size !== undefined && size.height > budgetHeight + 30 && (
        // The name above stands for all of it.
        <div aria-hidden="true">
          <ComposedChart data={data} width={size.width} height={size.height - budgetHeight} margin={shareMargin} accessibilityLayer={false}>
            {grid}
            {blinds}
            <XAxis dataKey="at" type="number" domain={[...domain]} hide />
            <YAxis domain={[from, 1]} ticks={shareTicks(from, target, size.height - budgetHeight - 14)} tickFormatter={shareTickLabel} width={axisWidth} interval={0} axisLine={false} tickLine={false} allowDataOverflow />
            {shareLine}
            <ReferenceLine y={target} stroke="var(--text)" strokeWidth={1.3} strokeDasharray="5 4" />
            {hint}
            <BeginningNote beginsAt={beginningOf(minutes, (minute) => minute.ratio !== null, domain[0])} />
            <LonelyDots minutes={minutes} values={shares} low={from} />
            <EndLabels
              labels={[
                { key: 'share', at: ratio, text: formatShare(ratio), strong: true },
                { key: 'target', at: target, text: `target ${formatTarget(target)}` },
              ]}
            />
          </ComposedChart>
          <ComposedChart data={data} width={size.width} height={budgetHeight} margin={budgetMargin} accessibilityLayer={false}>
            <XAxis dataKey="at" type="number" domain={[...domain]} ticks={hourTicks(domain, size.width - 148)} tickFormatter={localTime.minute} interval={0} height={18} axisLine={{ stroke: 'var(--line-strong)' }} tickLine={false} />
            <YAxis domain={[budgetFrom, 1]} ticks={[budgetFrom, 1]} tickFormatter={budgetTickLabel} width={axisWidth} interval={0} axisLine={false} tickLine={false} />
            <Area className="line-budget" dataKey="budgetLeft" stroke="var(--series)" strokeWidth={1.6} fill="var(--band)" fillOpacity={1} baseValue={budgetFrom} dot={false} activeDot={false} isAnimationActive={false} />
            <EndLabels labels={[{ key: 'left', at: left, text: budgetWords(left), strong: true }]} />
          </ComposedChart>
        </div>
      )}
    </div>
  );
});

const shares = [(minute: MinutePoint) => minute.ratio];

function budgetWords(left: number | null): string {
  if (left === null) return 'no data';
  return left < 0 ? `${formatBudgetUsed(1 - left)} used` : `${formatBudgetLeft(1 - left)} left`;
}

const hintLines = (minute: MinutePoint): string[] => [
  minute.ratio === null ? 'no data' : formatShare(minute.ratio),
  ...(minute.interval === null ? [] : [formatInterval(minute.interval)]),
  ...(minute.expected === 0 ? [] : [`${formatPart(minute.expected - minute.delivered, minute.expected)} lost in this minute`]),
  `budget ${budgetWords(minute.budgetLeft)}`,
];

// Elements that stay the same for new data: the chart then draws its lines anew, and does not register them again.
const shareMargin = { top: 8, right: endRoom, bottom: 6, left: 0 };
const budgetMargin = { top: 8, right: endRoom, bottom: 2, left: 0 };
const grid = <CartesianGrid vertical={false} stroke="var(--grid)" />;
const hint = <Tooltip isAnimationActive={false} cursor={{ stroke: 'var(--line-strong)' }} content={<ChartHint lines={hintLines} />} />;
const shareLine = (
  <>
    <Area dataKey={(minute: MinutePoint) => minute.interval} stroke="none" fill="var(--band)" fillOpacity={1} isAnimationActive={false} activeDot={false} />
    <Line className="line-share" dataKey="ratio" stroke="var(--series)" strokeWidth={2.2} strokeLinejoin="round" dot={false} activeDot={false} isAnimationActive={false} />
  </>
);
