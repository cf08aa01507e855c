import { epochMs, type EpochMs } from '#base/units.ts';
import type { LaneLayout, RunBar } from './timeline-layout.ts';

/** Where things stand on the timeline, in CSS px; y counts from the top of the visible part. */
export interface TimelineGeometry {
  readonly width: number;
  readonly height: number;
  /** Edges of the stretch in which time runs; labels stand left of it, figures right of it. */
  readonly left: number;
  readonly right: number;
  /** Below the time axis. */
  readonly top: number;
  readonly laneHeight: number;
  /** How far the lanes are scrolled up. */
  readonly scrollTop: number;
  /** The time at `right`. */
  readonly endAt: EpochMs;
  readonly spanMs: number;
}

const barHeight = 15;
const tallBarHeight = 30;
/** From this height on a lane has room for a tall bar, and for three lines beside it. */
export const tallLane = 54;

export const barHeightOf = ({ laneHeight }: Pick<TimelineGeometry, 'laneHeight'>): number => (laneHeight < tallLane ? barHeight : tallBarHeight);
/** A bar reaches this far over its first and its last event, so that their marks lie inside. */
const barPadding = 8;
/** Marks that come closer than this, in px, become a bar with a count. */
const closestMarks = 8;

export const xOf = (geometry: TimelineGeometry, at: EpochMs): number =>
  geometry.right - ((geometry.endAt - at) / geometry.spanMs) * (geometry.right - geometry.left);

export const timeAt = (geometry: TimelineGeometry, x: number): EpochMs =>
  epochMs(geometry.endAt - ((geometry.right - x) / (geometry.right - geometry.left)) * geometry.spanMs);

/** The middle of a lane. */
export const yOf = (geometry: TimelineGeometry, lane: number): number => geometry.top + (lane + 0.5) * geometry.laneHeight - geometry.scrollTop;

/** The first and the last lane that can be seen. */
export function visibleLanes(geometry: TimelineGeometry, lanes: number): readonly [number, number] {
  const first = Math.floor(geometry.scrollTop / geometry.laneHeight);
  const last = Math.ceil((geometry.scrollTop + geometry.height - geometry.top) / geometry.laneHeight) - 1;
  return [Math.max(0, first), Math.min(lanes - 1, last)];
}

/** The edges of a run's bar. */
export function barEdges(geometry: TimelineGeometry, bar: RunBar, now: EpochMs): readonly [number, number] {
  const left = xOf(geometry, bar.openedAt) - barPadding;
  const right = bar.endedAt === null ? Math.min(geometry.right, xOf(geometry, now)) : xOf(geometry, bar.endedAt) + barPadding;
  return [left, Math.max(right, left + 2)];
}

/** Whether a bar has room for the marks of its events. */
export function showsMarks(bar: RunBar, edges: readonly [number, number]): boolean {
  const marks = bar.events.length + bar.missing.length;
  return marks < 2 || (edges[1] - edges[0] - 2 * barPadding) / (marks - 1) >= closestMarks;
}

/** The run under a point; of runs that overlap, the one that is painted last. */
export function barAt(geometry: TimelineGeometry, lanes: readonly LaneLayout[], now: EpochMs, x: number, y: number): RunBar | undefined {
  if (x < geometry.left || x > geometry.right || y < geometry.top || y > geometry.height) return undefined;
  const lane = Math.floor((y - geometry.top + geometry.scrollTop) / geometry.laneHeight);
  return lanes[lane]?.bars.findLast((bar) => {
    const [left, right] = barEdges(geometry, bar, now);
    return x >= left && x <= right;
  });
}

const tickSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800].map((seconds) => seconds * 1000);
/** A tick with its label needs this much room. */
const tickRoom = 120;

/** Full steps of time between the edges, at least as far apart as their labels need. */
export function ticksOf(geometry: TimelineGeometry): EpochMs[] {
  const perPixel = geometry.spanMs / Math.max(1, geometry.right - geometry.left);
  const step = tickSteps.find((each) => each >= tickRoom * perPixel) ?? 3_600_000;
  const ticks: EpochMs[] = [];
  for (let at = Math.ceil((geometry.endAt - geometry.spanMs) / step) * step; at <= geometry.endAt; at += step) ticks.push(epochMs(at));
  return ticks;
}
