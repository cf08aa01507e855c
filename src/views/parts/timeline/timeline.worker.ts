import interFont from '@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2?url';
import type { TimelineAsk } from '#monitor/messages.ts';
import type { TimelineSlice } from '#monitor/snapshot.ts';
import type { Picture } from '#views/parts/paint-lag.ts';
import type { FromPainter, ToPainter } from './timeline-messages.ts';
import { TimelinePainter } from './timeline-painter.ts';

/** The thread of the timeline's painter: a canvas and a line to the monitor come in, pictures go out. */

const lagsEveryMs = 250;

let painter: TimelinePainter | undefined;
let lags: number[] = [];
let pictures: Picture[] = [];

/** A worker has none of the page's fonts. */
async function loadFont(): Promise<void> {
  const font = new FontFace('Inter Variable', `url("${interFont}") format("woff2")`, { weight: '100 900' });
  self.fonts.add(await font.load());
}

/** One question at a time is under way, so answers need no number. */
function asker(monitor: MessagePort): (ask: TimelineAsk) => Promise<TimelineSlice | undefined> {
  let answered: ((slice: TimelineSlice | undefined) => void) | undefined;
  monitor.onmessage = ({ data }: MessageEvent<TimelineSlice | undefined>) => answered?.(data);
  return (ask) =>
    new Promise((resolve) => {
      answered = resolve;
      monitor.postMessage(ask);
    });
}

self.addEventListener('message', ({ data }: MessageEvent<ToPainter>) => {
  switch (data.kind) {
    case 'start':
      painter = new TimelinePainter(data.canvas, { ask: asker(data.monitor), painted: (lagMs) => lags.push(lagMs), pictured: (picture) => pictures.push(picture) });
      break;
    case 'view':
      painter?.show(data.view);
      break;
    case 'scroll':
      painter?.scroll(data.top);
      break;
  }
});

setInterval(() => {
  if (lags.length === 0 && pictures.length === 0) return;
  const message: FromPainter = { lags, pictures };
  self.postMessage(message);
  lags = [];
  pictures = [];
}, lagsEveryMs);

// Without it the text is drawn in the system's font.
loadFont().catch(() => undefined);
