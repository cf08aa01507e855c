import { seededRandom, type Random } from '#base/random.ts';

const streams = { run: 1, connection: 2, login: 3, target: 4 } as const;

/**
 * Random numbers that do not depend on what else happens: the n-th run (connection, login) since the seed was set has a generator of its own,
 * so the same seed gives it the same plan, however many connections come and go meanwhile.
 */
export class Dice {
  readonly seed: number;
  readonly #thrown = { run: 0, connection: 0, login: 0, target: 0 };

  constructor(seed: number) {
    this.seed = seed;
  }

  /** The generator of the next member of a stream. */
  next(stream: keyof typeof streams): Random {
    const ordinal = (this.#thrown[stream] += 1);
    return seededRandom(this.seed ^ Math.imul(streams[stream], 0x9e37_79b1) ^ Math.imul(ordinal, 0x85eb_ca6b));
  }
}
