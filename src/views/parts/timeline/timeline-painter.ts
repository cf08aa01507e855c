import { between, epochMs, type EpochMs } from '#base/units.ts';
import type { TimelineSlice } from '#monitor/snapshot.ts';
import type { Picture } from '#views/parts/paint-lag.ts';
import { drawTimeline } from './timeline-canvas.ts';
import { feedOf, noFeed, stretchBefore, type TimelineFeed } from './timeline-feed.ts';
import type { TimelineGeometry } from './timeline-geometry.ts';
import type { TimelineAsk } from '#monitor/messages.ts';
import type { PainterView } from './timeline-messages.ts';
import { MarkSprites } from './timeline-marks.ts';

export interface PainterHost {
  /** Asks the monitor for a stretch. */
  readonly ask: (ask: TimelineAsk) => Promise<TimelineSlice | undefined>;
  /** Told at the end of a frame that showed something for the first time: how long ago the oldest of it came. */
  readonly painted: (lagMs: number) => void;
  /** Told what each picture of a new answer took. */
  readonly pictured: (picture: Picture) => void;
}

/** Gliding alone takes half the frames of a usual screen; what is new is painted at once. */
const glideMs = 30;
/** Pause after an answer that brought nothing new. */
const idlePauseMs = 60;
/** Asking, sorting and painting may take this share of the time: on a machine that is short of it the picture comes less often. */
const workShare = 0.25;
/** A monitor that takes this long to answer is behind with its events: then they come first, and the picture takes what is left. */
const behindMs = 12;
const shareWhenBehind = 0.05;
/** However short of time the machine is, the picture is no older than this. */
const longestPauseMs = 250;
/** Frames of the usual screen. */
const frameMs = 1000 / 60;
/** An answer is to be there this long before the frame that paints it. */
const leadMs = 4;
/** The newest answer weighs this much in what an answer costs. */
const newestWeight = 0.2;

/**
 * Paints the timeline, in a thread of its own: asks for the stretch that is on the screen, and asks again when that is painted.
 * Neither the page nor the sockets wait for it, and it asks less where time is short.
 */
export class TimelinePainter {
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #host: PainterHost;
  readonly #sprites = new MarkSprites();
  readonly #frameEnd = new MessageChannel();
  #view: PainterView | undefined;
  #scrollTop = 0;
  #feed: TimelineFeed = noFeed;
  #isNewFeed = false;
  /** What the newest answer took so far. */
  #sorted: Picture | undefined;
  #isChanged = true;
  #isAsking = false;
  #asked = '';
  #order = '';
  #askAt = 0;
  #isWaiting = false;
  #costMs = 0;
  #paintMs = 0;
  #painted = '';
  #paintedAt = 0;
  /** When the first event came that the next picture shows and the last one did not. */
  #waitingSince: EpochMs | null = null;

  constructor(canvas: OffscreenCanvas, host: PainterHost) {
    // Nothing shines through, which spares the screen a blend.
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('This browser gives no drawing context.');
    this.#canvas = canvas;
    this.#context = context;
    this.#host = host;
    // A lost context comes back empty.
    canvas.addEventListener('contextrestored', () => {
      this.#sprites.forget();
      this.#isChanged = true;
    });
    // A message that is sent while a frame is made comes after the frame is through.
    this.#frameEnd.port1.onmessage = ({ data }: MessageEvent<EpochMs>) => host.painted(between(data, this.#now()));
    requestAnimationFrame(this.#onFrame);
  }

  show(view: PainterView): void {
    // Other lanes, or another order of them, are sorted anew, also where the stretch is the same.
    const order = view.ids.join('\n');
    if (order !== this.#order) this.#asked = '';
    this.#order = order;
    if (view.palette !== this.#view?.palette || view.pixelRatio !== this.#view.pixelRatio) this.#sprites.forget();
    this.#view = view;
    this.#isChanged = true;
  }

  scroll(top: number): void {
    this.#scrollTop = top;
    this.#isChanged = true;
  }

  readonly #onFrame = (frameAt: number): void => {
    requestAnimationFrame(this.#onFrame);
    const view = this.#view;
    if (view === undefined || view.frame.width === 0) return;
    this.#paint(view, frameAt);
    // The later it is asked for before the next frame, the newer is what that shows.
    const wait = frameMs - leadMs - this.#costMs - (performance.now() - frameAt);
    if (this.#isWaiting) return;
    if (wait < 1) this.#ask(view);
    else {
      this.#isWaiting = true;
      setTimeout(this.#onTimer, wait);
    }
  };

  readonly #onTimer = (): void => {
    this.#isWaiting = false;
    if (this.#view !== undefined) this.#ask(this.#view);
  };

  /** The monitor's clock. */
  #now(): EpochMs {
    const machineAt = performance.timeOrigin + performance.now();
    const { clock } = this.#view ?? {};
    return epochMs(clock === undefined ? machineAt : clock.at + clock.rate * (machineAt - clock.machineAt));
  }

  #ask(view: PainterView): void {
    const { environmentId, ids, isPart, query, frame, spanMs, endAt } = view;
    const stretch = `${environmentId} ${spanMs} ${endAt} ${frame.width} ${query}`;
    const now = performance.now();
    if (this.#isAsking || (stretch === this.#asked && (endAt !== null || now < this.#askAt))) return;
    this.#isAsking = true;
    this.#asked = stretch;
    const { from, ...rest } = stretchBefore(endAt ?? this.#now(), spanMs, frame.right - frame.left);
    void this.#host.ask({ environmentId, request: { from: epochMs(from), ...rest, ...(isPart && { lanes: ids }), ...(query !== null && { query }), ...(this.#feed.newestAt !== null && { shownUntil: this.#feed.newestAt }) } }).then((slice) => {
      this.#isAsking = false;
      const before = this.#feed.newestAt;
      const answeredAt = performance.now();
      this.#feed = feedOf(slice, ids);
      this.#sorted = { events: slice?.times.length ?? 0, answerMs: answeredAt - now, paintMs: performance.now() - answeredAt };
      this.#isNewFeed = true;
      // How late a capture is painted that is played at another speed says nothing of this page.
      this.#waitingSince = endAt === null && this.#view?.clock.rate === 1 ? (slice?.waitingSince ?? null) : null;
      this.#costMs += newestWeight * (answeredAt - now - this.#costMs);
      const share = this.#costMs > behindMs ? shareWhenBehind : workShare;
      const pause = (this.#costMs + this.#paintMs) * (1 / share - 1);
      this.#askAt = answeredAt + Math.min(longestPauseMs, this.#feed.newestAt === before ? Math.max(idlePauseMs, pause) : pause);
    });
  }

  #paint(view: PainterView, frameAt: number): void {
    const { frame, spanMs, endAt, pixelRatio } = view;
    const running = view.frozenAt ?? this.#now();
    const now = view.calm ? epochMs(Math.floor(running / 1000) * 1000) : running;
    const geometry: TimelineGeometry = { ...frame, scrollTop: this.#scrollTop, endAt: endAt ?? now, spanMs };
    const pixelMs = spanMs / Math.max(1, (frame.right - frame.left) * pixelRatio);
    const moment = String(Math.floor(geometry.endAt / pixelMs));
    const glides = moment !== this.#painted && frameAt - this.#paintedAt >= Math.max(glideMs, this.#paintMs / workShare);
    if (!this.#isChanged && !this.#isNewFeed && !glides) return;
    const began = performance.now();
    this.#fit(frame, pixelRatio);
    this.#context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    const { lanes, density, isFiltered, laneOf, reconnects } = this.#feed;
    drawTimeline(this.#context, geometry, { ...view.scene, lanes, density, isFiltered, laneOf, reconnects, now, following: endAt === null }, view.palette, this.#sprites);
    if (this.#isNewFeed && this.#waitingSince !== null) this.#frameEnd.port2.postMessage(this.#waitingSince);
    const spent = performance.now() - began;
    if (this.#isNewFeed && this.#sorted !== undefined) this.#host.pictured({ ...this.#sorted, paintMs: this.#sorted.paintMs + spent });
    this.#isChanged = false;
    this.#isNewFeed = false;
    this.#painted = moment;
    this.#paintedAt = frameAt;
    this.#paintMs += newestWeight * (spent - this.#paintMs);
  }

  /** Gives the canvas as many pixels as the screen has for it; setting them clears it, so it is done only when they change. */
  #fit(frame: PainterView['frame'], pixelRatio: number): void {
    const width = Math.max(1, Math.round(frame.width * pixelRatio));
    const height = Math.max(1, Math.round(frame.height * pixelRatio));
    if (this.#canvas.width === width && this.#canvas.height === height) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
  }
}
