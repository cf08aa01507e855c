import type { Clock } from '#base/clock.ts';
import { between, durationMs, type EpochMs } from '#base/units.ts';

/** A browser delays each further handshake by seconds once about a dozen are pending. */
const mostPending = 8;
/** From one start to the next: at most 8 in 100 ms, so that a restarted target is not stormed. */
const spacing = durationMs(12.5);

/** The right to one handshake, and then to the socket that comes of it. */
export interface HandshakePass {
  /** The handshake is over, well or badly. */
  settled(): void;
  /** The socket is gone. Implies `settled`. */
  left(): void;
}

/**
 * The one schedule of all handshakes of a process: first come, first served, few at a time, and spread.
 * Shared by all pools of a page, since the browser's limits are the page's.
 */
export interface HandshakeGate {
  /** Calls `go` when its turn comes, perhaps at once. The returned function gives the place in the queue up. */
  enter(go: (pass: HandshakePass) => void): () => void;
  /** How many sockets are open or being opened. */
  readonly held: number;
}

export function createHandshakeGate(clock: Clock): HandshakeGate {
  const queue = new Set<(pass: HandshakePass) => void>();
  let pending = 0;
  let held = 0;
  let lastStart: EpochMs | undefined;
  let isWaiting = false;

  const createPass = (): HandshakePass => {
    let isPending = true;
    let isHeld = true;
    const settled = (): void => {
      if (!isPending) return;
      isPending = false;
      pending -= 1;
      admit();
    };
    const left = (): void => {
      if (isHeld) held -= 1;
      isHeld = false;
      settled();
    };
    return { settled, left };
  };

  const admit = (): void => {
    while (!isWaiting && pending < mostPending) {
      const [go] = queue;
      if (go === undefined) return;
      const now = clock.now();
      const wait = lastStart === undefined ? 0 : spacing - between(lastStart, now);
      if (wait > 0) {
        isWaiting = true;
        clock.after(durationMs(wait), () => {
          isWaiting = false;
          admit();
        });
        return;
      }
      queue.delete(go);
      lastStart = now;
      pending += 1;
      held += 1;
      go(createPass());
    }
  };

  return {
    enter(go) {
      // A place of its own for each entry, even of the same function.
      const place = (pass: HandshakePass): void => go(pass);
      queue.add(place);
      admit();
      return () => queue.delete(place);
    },
    get held() {
      return held;
    },
  };
}
