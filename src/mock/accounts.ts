import { randomBytes } from 'node:crypto';
import { durationMs, later, type DurationMs, type EpochMs } from '#base/units.ts';

export interface Login {
  readonly token: string;
  readonly user: string;
  readonly email: string;
  readonly expiresInSeconds: number;
}

const maxTokens = 10_000;

/** Who may sign in as whom: opaque random tokens that only this target knows, each with its user and its end. */
export class Accounts {
  readonly #tokens = new Map<string, { readonly user: string; readonly expiresAt: EpochMs }>();
  readonly #lifetime: DurationMs;

  constructor(lifetime = durationMs(900_000)) {
    this.#lifetime = lifetime;
  }

  /** A new token for the user `e2e-<local part>`; undefined where `email` is no address. */
  login(email: string, now: EpochMs): Login | undefined {
    const local = /^([A-Za-z0-9._+-]{1,64})@[A-Za-z0-9.-]{1,255}$/.exec(email)?.[1];
    if (local === undefined) return undefined;
    const token = randomBytes(24).toString('base64url');
    const user = `e2e-${local}`;
    const oldest = this.#tokens.keys().next();
    if (this.#tokens.size >= maxTokens && oldest.done !== true) this.#tokens.delete(oldest.value);
    this.#tokens.set(token, { user, expiresAt: later(now, this.#lifetime) });
    return { token, user, email, expiresInSeconds: this.#lifetime / 1000 };
  }

  /** Whose token it is; undefined where it is unknown or has run out. */
  userOf(token: string, now: EpochMs): string | undefined {
    const known = this.#tokens.get(token);
    return known !== undefined && now < known.expiresAt ? known.user : undefined;
  }

  /** Ends a token's life now. */
  expire(token: string): void {
    this.#tokens.delete(token);
  }
}
