import type { EpochMs } from '#base/units.ts';
import type { TimelineDensity } from '#monitor/snapshot.ts';
import { formatAge, localTime } from '#views/parts/format.ts';
import { drawDensity } from './timeline-density.ts';
import { barEdges, barHeightOf, showsMarks, ticksOf, visibleLanes, xOf, yOf, type TimelineGeometry } from './timeline-geometry.ts';
import type { LaneLayout, RunBar } from './timeline-layout.ts';
import { dimmed, drawMissing, type MarkSprites } from './timeline-marks.ts';
import type { TimelinePalette } from './timeline-palette.ts';

/** All that one frame of the timeline shows. */
export interface TimelineScene {
  readonly lanes: readonly LaneLayout[];
  /** Instead of marks, where these would touch each other. */
  readonly density: TimelineDensity | null;
  /** A query holds: what does not match it is dimmed, and a density as a whole. */
  readonly isFiltered: boolean;
  readonly laneOf: readonly (number | undefined)[];
  readonly blinds: readonly { readonly from: EpochMs; readonly to: EpochMs; readonly cause: string }[];
  readonly reconnects: readonly { readonly at: EpochMs; readonly lane: number; readonly opened: boolean }[];
  readonly now: EpochMs;
  /** Whether the right edge is now. */
  readonly following: boolean;
  /** The run under the pointer, the one that has the keyboard focus, and the one whose panel is open. */
  readonly hovered: string | undefined;
  readonly focused: string | undefined;
  readonly selected: string | undefined;
}

const flagFont = (palette: TimelinePalette): string => `600 11px ${palette.font}`;
const axisFont = (palette: TimelinePalette): string => `400 11px ${palette.font}`;
/** Below this width a flag would be cut to nothing readable, so it is left out. */
const shortestFlag = 34;

/** Paints one frame. The context is scaled so that one unit is one CSS px. */
export function drawTimeline(context: OffscreenCanvasRenderingContext2D, geometry: TimelineGeometry, scene: TimelineScene, palette: TimelinePalette, sprites: MarkSprites): void {
  const { width, height, left, right, top } = geometry;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, height);
  const [first, last] = visibleLanes(geometry, scene.lanes.length);
  const ticks = ticksOf(geometry);
  drawGrid(context, geometry, palette, ticks, first, last);

  context.save();
  context.beginPath();
  context.rect(left, top, right - left, height - top);
  context.clip();
  drawBlinds(context, geometry, scene, palette);
  drawReconnects(context, geometry, scene, palette, first, last);
  if (scene.isFiltered) context.globalAlpha = dimmed;
  if (scene.density !== null) drawDensity(context, geometry, palette, scene.density, scene.laneOf, [first, last]);
  context.globalAlpha = 1;
  for (let lane = first; lane <= last; lane += 1) {
    const layout = scene.lanes[lane];
    if (layout === undefined) continue;
    layout.bars.forEach((bar, index) => {
      if (scene.isFiltered) context.globalAlpha = bar.run.matches === false ? dimmed : 1;
      drawBar(context, geometry, scene, palette, sprites, bar, layout.bars[index + 1]);
    });
    context.globalAlpha = 1;
    for (const mark of layout.loose) sprites.draw(context, palette, mark, xOf(geometry, mark.at), yOf(geometry, lane), palette.surface);
  }
  context.restore();

  drawAxis(context, geometry, scene, palette, ticks);
}

function drawGrid(context: OffscreenCanvasRenderingContext2D, geometry: TimelineGeometry, palette: TimelinePalette, ticks: readonly EpochMs[], first: number, last: number): void {
  const { left, right, top, height, width, laneHeight } = geometry;
  context.lineWidth = 1;
  context.strokeStyle = palette.grid;
  context.beginPath();
  for (const at of ticks) {
    const x = Math.round(xOf(geometry, at)) + 0.5;
    if (x < left) continue;
    context.moveTo(x, top);
    context.lineTo(x, height);
  }
  for (let lane = first; lane <= last; lane += 1) {
    const y = Math.round(yOf(geometry, lane) + laneHeight / 2) - 0.5;
    context.moveTo(0, y);
    context.lineTo(width, y);
  }
  context.stroke();
  context.strokeStyle = palette.lane;
  context.beginPath();
  for (let lane = first; lane <= last; lane += 1) {
    const y = Math.round(yOf(geometry, lane)) + 0.5;
    context.moveTo(left, y);
    context.lineTo(right, y);
  }
  context.stroke();
}

function drawBlinds(context: OffscreenCanvasRenderingContext2D, geometry: TimelineGeometry, scene: TimelineScene, palette: TimelinePalette): void {
  for (const blind of scene.blinds) {
    const from = Math.max(geometry.left, xOf(geometry, blind.from));
    const to = Math.min(geometry.right, xOf(geometry, blind.to));
    if (to <= from) continue;
    context.save();
    context.beginPath();
    context.rect(from, geometry.top, Math.max(2, to - from), geometry.height);
    context.clip();
    context.fillStyle = palette.surface;
    context.fillRect(from, geometry.top, to - from, geometry.height);
    context.strokeStyle = palette.hatch;
    context.lineWidth = 1.4;
    context.beginPath();
    // The hatch moves with its interval, else it would shimmer while the timeline runs.
    for (let x = xOf(geometry, blind.from) - geometry.height; x < to; x += 8.5) {
      context.moveTo(x, geometry.height);
      context.lineTo(x + geometry.height, 0);
    }
    context.stroke();
    context.restore();
  }
}

function drawReconnects(context: OffscreenCanvasRenderingContext2D, geometry: TimelineGeometry, scene: TimelineScene, palette: TimelinePalette, first: number, last: number): void {
  context.lineWidth = 1.5;
  context.strokeStyle = palette.caption;
  for (const { at, lane, opened } of scene.reconnects) {
    if (lane < first || lane > last) continue;
    const x = xOf(geometry, at);
    const y = yOf(geometry, lane);
    context.beginPath();
    context.moveTo(x, y - 6);
    context.lineTo(x, y + 6);
    // A foot to the right opens, a foot to the left closes.
    context.moveTo(x, y + 6);
    context.lineTo(x + (opened ? 4 : -4), y + 6);
    context.stroke();
  }
}

function drawBar(context: OffscreenCanvasRenderingContext2D, geometry: TimelineGeometry, scene: TimelineScene, palette: TimelinePalette, sprites: MarkSprites, bar: RunBar, next: RunBar | undefined): void {
  const edges = barEdges(geometry, bar, scene.now);
  const [left, right] = edges;
  if (left > geometry.right) return;
  const middle = yOf(geometry, bar.lane);
  if (right > geometry.left) {
    if (bar.lateAt !== null) drawTail(context, palette, right, xOf(geometry, bar.lateAt), middle);
    const fill = paintBar(context, geometry, scene, palette, bar, edges);
    if (scene.density !== null) {
      // Counted, not marked.
    } else if (showsMarks(bar, edges)) {
      for (const mark of bar.missing) drawMissing(context, palette, mark.type, xOf(geometry, mark.at), middle);
      for (const mark of bar.events) sprites.draw(context, palette, mark, xOf(geometry, mark.at), middle, fill);
    } else {
      if (bar.lateAt !== null) for (const mark of bar.events.filter(({ at }) => at > (bar.endedAt ?? at))) sprites.draw(context, palette, mark, xOf(geometry, mark.at), middle, palette.surface);
      const text = bar.missing.length > 0 ? `−${bar.missing.length}` : String(bar.events.length);
      context.font = flagFont(palette);
      if (context.measureText(text).width < right - left - 4) {
        context.fillStyle = bar.tone === 'breach' ? palette.breach : palette.caption;
        context.textAlign = 'center';
        context.fillText(text, (left + right) / 2, middle + 4);
      }
    }
  }
  // A flag goes with its bar: alone at the left edge it would say something of nothing.
  const behind = bar.lateAt === null ? right : Math.max(right, xOf(geometry, bar.lateAt) + 6);
  if (bar.reason !== '' && right > geometry.left) drawFlag(context, geometry, palette, bar, behind + 6, (next === undefined ? geometry.right : barEdges(geometry, next, scene.now)[0]) - 6, middle);
}

/** Leads from a bar to what came after it was closed. */
function drawTail(context: OffscreenCanvasRenderingContext2D, palette: TimelinePalette, from: number, to: number, middle: number): void {
  context.strokeStyle = palette.risk;
  context.lineWidth = 1.4;
  context.setLineDash([1.5, 3]);
  context.beginPath();
  context.moveTo(from, middle);
  context.lineTo(to, middle);
  context.stroke();
  context.setLineDash([]);
}

/** @returns the fill, which is also the halo of the marks that lie on it */
function paintBar(context: OffscreenCanvasRenderingContext2D, geometry: TimelineGeometry, scene: TimelineScene, palette: TimelinePalette, bar: RunBar, [left, right]: readonly [number, number]): string {
  const barHeight = barHeightOf(geometry);
  const top = yOf(geometry, bar.lane) - barHeight / 2;
  const fill = bar.tone === 'breach' ? palette.breachFill : bar.tone === 'void' ? palette.surface : bar.run.status === 'failed' ? palette.riskFill : palette.run;
  const edge = { quiet: palette.runLine, running: palette.accent, breach: palette.breach, risk: palette.risk, void: palette.void }[bar.tone];
  const { id } = bar.run;
  const width = right - left;
  const radius = Math.min(4, width / 2);
  context.beginPath();
  if (bar.tone === 'running') {
    // Open at the right: it is not over.
    context.moveTo(right, top);
    context.lineTo(left + radius, top);
    context.quadraticCurveTo(left, top, left, top + radius);
    context.lineTo(left, top + barHeight - radius);
    context.quadraticCurveTo(left, top + barHeight, left + radius, top + barHeight);
    context.lineTo(right, top + barHeight);
  } else {
    context.roundRect(left, top, width, barHeight, radius);
  }
  context.fillStyle = fill;
  // Over a density a bar is a frame: what it holds is counted below it.
  if (scene.density === null) context.fill();
  context.lineWidth = 1.1;
  context.strokeStyle = bar.tone === 'quiet' && id === scene.hovered ? palette.caption : edge;
  if (bar.tone === 'void') context.setLineDash([3, 3]);
  context.stroke();
  context.setLineDash([]);
  if (id === scene.selected || id === scene.focused || (id === scene.hovered && bar.tone !== 'quiet')) {
    context.lineWidth = id === scene.hovered && id !== scene.selected && id !== scene.focused ? 1 : 2;
    context.strokeStyle = id === scene.hovered && id !== scene.selected && id !== scene.focused ? edge : palette.accent;
    context.beginPath();
    context.roundRect(left - 2.5, top - 2.5, width + 5, barHeight + 5, radius + 2);
    context.stroke();
  }
  return fill;
}

function drawFlag(context: OffscreenCanvasRenderingContext2D, geometry: TimelineGeometry, palette: TimelinePalette, bar: RunBar, from: number, to: number, middle: number): void {
  const room = Math.min(to, geometry.right - 4) - from;
  if (room < shortestFlag) return;
  context.font = flagFont(palette);
  const text = fitText(context, bar.reason, room);
  context.textAlign = 'left';
  context.lineJoin = 'round';
  context.lineWidth = 5;
  context.strokeStyle = palette.surface;
  context.strokeText(text, from, middle + 4);
  context.fillStyle = bar.tone === 'breach' ? palette.breach : bar.tone === 'void' ? palette.void : palette.risk;
  context.fillText(text, from, middle + 4);
}

function fitText(context: OffscreenCanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let kept = text.length - 1;
  while (kept > 1 && context.measureText(`${text.slice(0, kept)}…`).width > room) kept -= 1;
  return `${text.slice(0, kept).trimEnd()}…`;
}

function drawAxis(context: OffscreenCanvasRenderingContext2D, geometry: TimelineGeometry, scene: TimelineScene, palette: TimelinePalette, ticks: readonly EpochMs[]): void {
  const { left, right, top, height, width } = geometry;
  context.fillStyle = palette.surface;
  context.fillRect(left - 30, 0, width, top);
  context.font = axisFont(palette);
  context.textAlign = 'center';
  const nowRoom = scene.following ? right - 60 : right - 20;
  const shown = scene.blinds.findLast((blind) => blind.to > geometry.endAt - geometry.spanMs && blind.from < geometry.endAt);
  const blindAt = shown === undefined ? undefined : blindLabel(context, geometry, palette, shown);
  context.fillStyle = palette.caption;
  for (const at of ticks) {
    const x = xOf(geometry, at);
    if (x < left + 24 || x > nowRoom) continue;
    if (blindAt !== undefined && x > blindAt[0] - 30 && x < blindAt[1] + 30) continue;
    context.fillText(localTime.time(at), x, 14);
  }
  if (!scene.following) return;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(right, top - 5);
  context.lineTo(right, height);
  context.stroke();
  context.font = flagFont(palette);
  context.fillStyle = palette.accent;
  context.textAlign = 'right';
  context.fillText('now', right + 2, 14);
}

const blindWords: ReadonlyMap<string, string> = new Map([
  ['offline', 'this machine was offline'],
  ['asleep', 'this machine was asleep'],
  ['stalled', 'this monitor stood still'],
  ['hidden', 'this page was hidden'],
]);

/** @returns the edges of the label */
function blindLabel(context: OffscreenCanvasRenderingContext2D, geometry: TimelineGeometry, palette: TimelinePalette, blind: TimelineScene['blinds'][number]): readonly [number, number] {
  const full = `blind ${formatAge(blind.to - blind.from)}: ${blindWords.get(blind.cause) ?? blind.cause}`;
  const room = geometry.right - geometry.left - 90;
  const text = fitText(context, full, room);
  const half = context.measureText(text).width / 2 + 9;
  const middle = (xOf(geometry, blind.from) + xOf(geometry, blind.to)) / 2;
  const x = Math.min(geometry.right - half - 40, Math.max(geometry.left + half, middle));
  context.fillStyle = palette.label;
  context.beginPath();
  context.roundRect(x - half, 1, 2 * half, 19, 4);
  context.fill();
  context.fillStyle = palette.text;
  context.fillText(text, x, 14.5);
  return [x - half, x + half];
}
