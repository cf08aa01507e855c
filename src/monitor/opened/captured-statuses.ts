import type { EpochMs } from '#base/units.ts';
import { durationMs } from '#base/units.ts';
import { connectionErrors, type ConnectionError } from '#connection/connection-error.ts';
import type { ConnectionState, ConnectionStatus } from '#connection/connection.ts';
import { identifierOf } from '#protocol/identifier.ts';
import type { ConnectionCloseRecord, RunwatchRecord, WireTransport } from '#record/record.ts';

/** What the records said last of one connection. */
interface Standing {
  state: ConnectionState;
  user: string | undefined;
  transport: WireTransport | undefined;
  attempts: number;
  lastHeardAt: EpochMs | undefined;
  error: ConnectionError | undefined;
}

/** A capture holds no heartbeats of the transport, so a connection that is open in it promises nothing: its silence alone proves nothing. */
const nothingPromised = { intervalMs: durationMs(Number.MAX_SAFE_INTEGER), timeoutMs: durationMs(0) };

/** How the connections of a capture stood, told by its records alone. */
export class CapturedStatuses {
  readonly #place: string;
  readonly #standings: ReadonlyMap<string, Standing>;

  /** @param place what the target is called, @param connections ids in the order in which they are drawn */
  constructor(place: string, connections: readonly string[]) {
    this.#place = place;
    this.#standings = new Map(connections.map((id) => [id, { state: 'connecting', user: undefined, transport: undefined, attempts: 0, lastHeardAt: undefined, error: undefined }]));
  }

  /** Takes the next record. */
  learn(record: RunwatchRecord): void {
    const standing = 'connection' in record ? this.#standings.get(record.connection) : undefined;
    if (standing === undefined) return;
    switch (record.record) {
      case 'frame':
      case 'clock-sample':
        // Where the beginning is left out, what comes shows that it is open.
        if (standing.state !== 'open') opened(standing);
        standing.lastHeardAt = record.at;
        break;
      case 'connection-open':
        opened(standing);
        standing.user = identifierOf(record.user) ?? standing.user;
        standing.transport = record.transport;
        standing.lastHeardAt = record.at;
        break;
      case 'connection-close':
        closed(standing, record, this.#place);
        break;
      case 'stage':
        if (record.outcome === 'passed') break;
        standing.state = record.code === 401 || record.code === 403 ? 'refused' : 'retrying';
        standing.attempts += 1;
        standing.error = standing.state === 'refused' ? connectionErrors.authRefused(this.#place, textOf(record.reason)) : connectionErrors.unreachable(this.#place);
        break;
      default:
        break;
    }
  }

  statuses(): readonly ConnectionStatus[] {
    return Array.from(this.#standings, ([id, standing], n) => ({
      id,
      n,
      ...standing,
      ready: standing.state === 'open',
      nextTryAt: undefined,
      heartbeat: standing.state === 'open' ? nothingPromised : undefined,
      probe: undefined,
    }));
  }
}

function opened(standing: Standing): void {
  standing.state = 'open';
  standing.attempts = 0;
  standing.error = undefined;
}

function closed(standing: Standing, { cause, code, reason }: ConnectionCloseRecord, place: string): void {
  standing.attempts += 1;
  switch (cause) {
    case 'operator':
    case 'monitor':
      standing.state = 'closed';
      standing.error = undefined;
      break;
    case 'auth':
      standing.state = 'retrying';
      standing.error = connectionErrors.sessionExpired(place, textOf(reason));
      break;
    case 'server':
      standing.state = 'retrying';
      standing.error = connectionErrors.closedByServer(place, code, textOf(reason));
      break;
    case 'network':
      standing.state = 'retrying';
      standing.error = connectionErrors.connectionLost(place, textOf(reason));
      break;
  }
}

/** A capture may say anything in a field that judging does not rely on. */
const textOf = (told: unknown): string | undefined => (typeof told === 'string' ? told.slice(0, 200) : undefined);
