/** What a client shows to be let in; both may be missing. */
export interface Credentials {
  readonly token: string | undefined;
  readonly user: string | undefined;
}

/** A token or a user's name from outside: a text of 1 to 512 characters without control characters; anything else counts as not given. */
export const readText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length > 0 && value.length <= 512 && !/\p{Cc}/u.test(value) ? value : undefined;
