import { epochMs } from '#base/units.ts';
import type { TimelineDensity } from '#monitor/snapshot.ts';
import { barHeight, xOf, yOf, type TimelineGeometry } from './timeline-geometry.ts';
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
  context: CanvasRenderingContext2D,
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
  const scale = (barHeight - lowestBar) / Math.log1p(highest);
  const width = Math.max(1, (bucketMs / geometry.spanMs) * (geometry.right - geometry.left) - 0.5);
  // One path for each colour: the browser fills thousands of rectangles in one go.
  const quiet = new Path2D();
  const flagged = new Path2D();
  for (let cell = 0; cell < buckets.length; cell += 1) {
    const lane = laneOf[lanes[cell] ?? -1];
    if (lane === undefined || lane < first || lane > last) continue;
    const x = xOf(geometry, epochMs(density.from + (buckets[cell] ?? 0) * bucketMs));
    if (x + width < geometry.left || x > geometry.right) continue;
    const total = totals[cell] ?? 0;
    const bottom = yOf(geometry, lane) + barHeight / 2;
    const height = lowestBar + scale * Math.log1p(total);
    quiet.rect(x, bottom - height, width, height);
    const bad = counts[cell * classes + flaggedClass] ?? 0;
    if (bad > 0) flagged.rect(x, bottom - Math.max(3, (height * bad) / total), width, Math.max(3, (height * bad) / total));
  }
  context.fillStyle = palette.density;
  context.fill(quiet);
  context.fillStyle = palette.risk;
  context.fill(flagged);
}
