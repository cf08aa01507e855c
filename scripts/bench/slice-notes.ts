import { z } from 'zod';

/**
 * Runs in the page before its own scripts, and notes for each slice of the timeline: when it was asked for, when the answer came, when it was
 * sorted, and when the first frame that drew it was at its end. All in ms on the page's clock.
 *
 * The page needs no hook for it: what it asks of its worker and what comes back passes here; that a slice is being sorted shows in the reading of
 * its `reconnects`; and that a frame draws shows in the timeline's first call on its canvas.
 */
export const sliceNotes = `
  window.sliceNotes = [];
  (() => {
    const asked = new Map();
    let sorted;
    let drawing = false;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (message?.kind === 'ask' && message.name === 'timeline') asked.set(message.id, performance.now());
      return post.call(this, message, ...rest);
    };
    // Heard before the page's own listener: between the two, the page would already have sorted the answer.
    const heard = new WeakSet();
    const listen = EventTarget.prototype.addEventListener;
    Worker.prototype.addEventListener = function (type, ...rest) {
      if (type === 'message' && !heard.has(this)) {
        heard.add(this);
        listen.call(this, 'message', hear);
      }
      return listen.call(this, type, ...rest);
    };
    function hear({ data }) {
      if (data.kind !== 'answer' || data.name !== 'timeline' || data.answer === undefined) return;
      const note = { askedAt: asked.get(data.id), answeredAt: performance.now(), events: data.answer.times.length, sortedAt: 0, paintedAt: 0 };
      asked.delete(data.id);
      const { reconnects } = data.answer;
      Object.defineProperty(data.answer, 'reconnects', {
        get() {
          if (note.sortedAt === 0) {
            note.sortedAt = performance.now();
            sorted = note;
          }
          return reconnects;
        },
      });
    }
    const setTransform = CanvasRenderingContext2D.prototype.setTransform;
    CanvasRenderingContext2D.prototype.setTransform = function (...rest) {
      if (sorted !== undefined && !drawing && this.canvas.classList.contains('timeline-canvas')) {
        drawing = true;
        const note = sorted;
        // The frame is at its end when what was posted in it is heard: after style, layout and paint.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          note.paintedAt = performance.now();
          if (sorted === note) sorted = undefined;
          drawing = false;
          window.sliceNotes.push(note);
        };
        port2.postMessage(0);
      }
      return setTransform.apply(this, rest);
    };
  })();`;

export const sliceNotesSchema = z.array(
  z.object({ askedAt: z.number(), answeredAt: z.number(), events: z.number(), sortedAt: z.number(), paintedAt: z.number() }),
);

/** Takes the notes, and begins new ones. */
export const takeSliceNotes = '(() => { const notes = window.sliceNotes; window.sliceNotes = []; return notes; })()';
