/** Why a connection is not open. A closed list. */
export type ConnectionErrorReason =
  | 'unreachable'
  | 'timeout'
  | 'auth-refused'
  | 'login-failed'
  | 'handshake-refused'
  | 'closed-by-server'
  | 'connection-lost'
  | 'socket-limit'
  | 'unusable'
  | 'retries-used-up';

/** A reason, a sentence that names cause and place, and what to try. Never holds a token. */
export interface ConnectionError {
  readonly reason: ConnectionErrorReason;
  readonly message: string;
  readonly remedy: string;
}
