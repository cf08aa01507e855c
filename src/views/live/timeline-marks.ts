import { eventStyle, glyphPaths, glyphStrokes, type GlyphShape } from '#views/parts/event-style.ts';
import { eventFlags, type EventMark } from './timeline-layout.ts';
import type { TimelinePalette } from './timeline-palette.ts';

const outlines = new Map<GlyphShape, Path2D>();
function outline(shape: GlyphShape): Path2D {
  const known = outlines.get(shape);
  if (known !== undefined) return known;
  const path = new Path2D(glyphPaths[shape]);
  outlines.set(shape, path);
  return path;
}

const glyphScale = 0.9;

/** Paints an event's mark; `halo` parts it from its neighbours and from what it lies on. A duplicate is ringed, and so is an event of another user. */
export function drawMark(context: CanvasRenderingContext2D, palette: TimelinePalette, mark: EventMark, x: number, y: number, halo: string): void {
  const { shape } = eventStyle(mark.type);
  const path = outline(shape);
  const colour = palette.event(mark.type);
  const stroke = glyphStrokes[shape];
  context.save();
  context.translate(x, y);
  context.scale(glyphScale, glyphScale);
  context.lineJoin = 'round';
  if ((mark.flags & (eventFlags.duplicate | eventFlags.crossTalk)) !== 0) {
    context.lineWidth = 1.4;
    context.strokeStyle = (mark.flags & eventFlags.crossTalk) === 0 ? palette.risk : palette.breach;
    context.beginPath();
    context.arc(0, 0, 6.8, 0, 2 * Math.PI);
    context.fillStyle = halo;
    context.fill();
    context.stroke();
  } else {
    context.lineWidth = (stroke ?? 0) + 3;
    context.strokeStyle = halo;
    context.stroke(path);
  }
  if (stroke === undefined) {
    context.fillStyle = colour;
    context.fill(path);
  } else {
    if (shape === 'cross') context.lineCap = 'round';
    else {
      context.fillStyle = halo;
      context.fill(path);
    }
    context.lineWidth = stroke;
    context.strokeStyle = colour;
    context.stroke(path);
  }
  context.restore();
}

/** Paints what was expected and never came: the same shape, dashed. */
export function drawMissing(context: CanvasRenderingContext2D, palette: TimelinePalette, type: string, x: number, y: number): void {
  context.save();
  context.translate(x, y);
  context.scale(glyphScale, glyphScale);
  context.setLineDash([2, 1.4]);
  context.lineWidth = 1.4;
  context.strokeStyle = palette.breach;
  context.stroke(outline(eventStyle(type).shape));
  context.restore();
}
