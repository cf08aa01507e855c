import { eventStyle, glyphPaths, glyphStrokes, type GlyphShape } from '#views/parts/event-style.ts';
import { eventColour, type TimelinePalette } from './timeline-palette.ts';
import { eventFlags, type EventMark } from './timeline-layout.ts';

type Context = OffscreenCanvasRenderingContext2D;

const outlines = new Map<GlyphShape, Path2D>();
function outline(shape: GlyphShape): Path2D {
  const known = outlines.get(shape);
  if (known !== undefined) return known;
  const path = new Path2D(glyphPaths[shape]);
  outlines.set(shape, path);
  return path;
}

const glyphScale = 0.9;
/** Edge of the square that holds a mark with its ring, in CSS px. */
const markBox = 18;

/** How much is left of what does not match the query. */
export const dimmed = 0.3;

/** Marks as small pictures, each painted once: copying one is far less work than to fill and stroke its outline. */
export class MarkSprites {
  readonly #sprites = new Map<string, OffscreenCanvas>();

  /** After another theme, another screen, or the loss of the drawing context. */
  forget(): void {
    this.#sprites.clear();
  }

  /** Puts a mark on whole pixels of the screen. */
  draw(context: Context, palette: TimelinePalette, mark: EventMark, x: number, y: number, halo: string): void {
    const ratio = context.getTransform().a;
    const ring = (mark.flags & eventFlags.crossTalk) !== 0 ? 'breach' : (mark.flags & eventFlags.duplicate) !== 0 ? 'risk' : 'none';
    const key = `${mark.type} ${ring} ${halo}`;
    let sprite = this.#sprites.get(key);
    if (sprite === undefined) {
      // Types are the target's to make up.
      if (this.#sprites.size > 500) this.forget();
      sprite = paintSprite(palette, mark.type, ring, halo, ratio);
      this.#sprites.set(key, sprite);
    }
    const size = sprite.width / ratio;
    const isDim = mark.isDim === true;
    const before = isDim ? context.globalAlpha : 1;
    if (isDim) context.globalAlpha = dimmed;
    context.drawImage(sprite, Math.round((x - size / 2) * ratio) / ratio, Math.round((y - size / 2) * ratio) / ratio, size, size);
    if (isDim) context.globalAlpha = before;
  }
}

function paintSprite(palette: TimelinePalette, type: string, ring: 'none' | 'risk' | 'breach', halo: string, ratio: number): OffscreenCanvas {
  const sprite = new OffscreenCanvas(Math.ceil(markBox * ratio), Math.ceil(markBox * ratio));
  const context = sprite.getContext('2d');
  if (context === null) return sprite;
  context.translate(sprite.width / 2, sprite.height / 2);
  context.scale(ratio, ratio);
  drawMark(context, palette, type, ring, halo);
  return sprite;
}

/** Paints an event's mark around 0,0; `halo` parts it from its neighbours and from what it lies on. A duplicate is ringed, and so is an event of another user. */
function drawMark(context: Context, palette: TimelinePalette, type: string, ring: 'none' | 'risk' | 'breach', halo: string): void {
  const { shape } = eventStyle(type);
  const path = outline(shape);
  const colour = eventColour(palette, type);
  const stroke = glyphStrokes[shape];
  context.scale(glyphScale, glyphScale);
  context.lineJoin = 'round';
  if (ring === 'none') {
    context.lineWidth = (stroke ?? 0) + 3;
    context.strokeStyle = halo;
    context.stroke(path);
  } else {
    context.lineWidth = 1.4;
    context.strokeStyle = palette[ring];
    context.beginPath();
    context.arc(0, 0, 6.8, 0, 2 * Math.PI);
    context.fillStyle = halo;
    context.fill();
    context.stroke();
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
}

/** Paints what was expected and never came: the same shape, dashed. */
export function drawMissing(context: Context, palette: TimelinePalette, type: string, x: number, y: number): void {
  context.save();
  context.translate(x, y);
  context.scale(glyphScale, glyphScale);
  context.setLineDash([2, 1.4]);
  context.lineWidth = 1.4;
  context.strokeStyle = palette.breach;
  context.stroke(outline(eventStyle(type).shape));
  context.restore();
}
