import { epochMs } from '#base/units.ts';
import type { TimelineDensity } from '#monitor/snapshot.ts';
import { barHeightOf, xOf, yOf, type TimelineGeometry } from './timeline-geometry.ts';
import type { TimelinePalette } from './timeline-palette.ts';

const classes = 8;
const flaggedClass = 7;
const lowestBar = 2;

/**
 * Paints how many events came, where they stand too near for marks: a bar a bucket, its height by the logarithm of the
 * count, so that a trickle shows beside a flood; the part of it that is flagged stands out at its foot.
 * @param laneOf the lane of the screen for each lane of the monitor
 */
export function drawDensity(
  context: OffscreenCanvasRenderingContext2D,
  geometry: TimelineGeometry,
  palette: TimelinePalette,
  density: TimelineDensity,
  laneOf: readonly (number | undefined)[],
  [first, last]: readonly [number, number],
): void {
  const { buckets, lanes, counts, bucketMs } = density;
  const totals = new Float64Array(buckets.length);
  let highest = 1;
  for (let cell = 0; cell < buckets.length; cell += 1) {
    let total = 0;
    for (let kind = 0; kind < flaggedClass; kind += 1) total += counts[cell * classes + kind] ?? 0;
    totals[cell] = total;
    if (total > highest) highest = total;
  }
  const barHeight = barHeightOf(geometry);
  const scale = (barHeight - lowestBar) / Math.log1p(highest);
  const width = Math.max(1, (bucketMs / geometry.spanMs) * (geometry.right - geometry.left) - 0.5);
  // Whole pixels and plain rectangles: thousands of them are to fit into a frame.
  const ratio = context.getTransform().a;
  const snap = (value: number): number => Math.round(value * ratio) / ratio;
  const bars = (paint: (x: number, bottom: number, barWidth: number, total: number, bad: number) => void): void => {
    for (let cell = 0; cell < buckets.length; cell += 1) {
      const lane = laneOf[lanes[cell] ?? -1];
      if (lane === undefined || lane < first || lane > last) continue;
      const x = xOf(geometry, epochMs(density.from + (buckets[cell] ?? 0) * bucketMs));
      if (x + width < geometry.left || x > geometry.right) continue;
      const left = snap(x);
      paint(left, snap(yOf(geometry, lane) + barHeight / 2), Math.max(1 / ratio, snap(x + width) - left), totals[cell] ?? 0, counts[cell * classes + flaggedClass] ?? 0);
    }
  };
  const heightOf = (total: number): number => snap(lowestBar + scale * Math.log1p(total));
  // Colour by colour: to change it costs more than a bar.
  context.fillStyle = palette.density;
  bars((x, bottom, barWidth, total) => context.fillRect(x, bottom - heightOf(total), barWidth, heightOf(total)));
  context.fillStyle = palette.risk;
  bars((x, bottom, barWidth, total, bad) => {
    if (bad === 0) return;
    const height = Math.max(3, (heightOf(total) * bad) / total);
    context.fillRect(x, bottom - height, barWidth, height);
  });
}
