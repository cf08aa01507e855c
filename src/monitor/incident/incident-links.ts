import type { EpochMs } from '#base/units.ts';
import type { CloseCause, RunwatchRecord, StageName, WireTransport } from '#record/record.ts';

/** A connection that was lost, or that did not come to be: until it is open again. */
export interface Outage {
  readonly lane: number;
  readonly at: EpochMs;
  /** It had been open before. */
  readonly wasOpen: boolean;
  cause: CloseCause;
  code: number | undefined;
  reason: string | undefined;
  /** The stage at which it last failed to come back. */
  stage: StageName | undefined;
  /** When anything was last heard over it before. */
  readonly heardAt: EpochMs | undefined;
  backAt: EpochMs | undefined;
  /** Runs that broke with it, the newest last; how many did, and when the last of them was judged. */
  readonly runs: number[];
  broken: number;
  brokenAt: EpochMs | undefined;
}

/** A stretch in which a connection stood open and brought nothing at all, while a run on it was waited for. */
export interface Silence {
  readonly lane: number;
  /** When anything was last heard before. */
  readonly heardAt: EpochMs;
  /** When the newest run was opened that brought nothing in it. */
  askedAt: EpochMs;
  /** When something was heard again, or it was closed. */
  endedAt: EpochMs | undefined;
}

/** A change of what there is to connect to, or of the way there. */
export interface LinkChange {
  readonly at: EpochMs;
  readonly kind: 'version' | 'transport';
  /** The connection; undefined where it is about all of them. */
  readonly lane: number | undefined;
  /** The version, or the transport, from then on. */
  readonly to: string;
}

interface Link {
  isOpen: boolean;
  transport: WireTransport | undefined;
  transportSince: EpochMs | undefined;
  heardAt: EpochMs | undefined;
  outage: Outage | undefined;
  /** The newest outages, to which a broken run may belong. */
  readonly recent: Outage[];
  failedStage: StageName | undefined;
  silence: Silence | undefined;
  /** When the target last said over it that the sign-in is at its end. */
  refusedAt: EpochMs | undefined;
}

const keptOutages = 1000;
const keptRecent = 8;
const keptChanges = 500;
const keptRuns = 20;
const followsMs = 2000;

/** How the connections came and went, as their records tell. */
export class IncidentLinks {
  /** Oldest first. */
  readonly outages: Outage[] = [];
  /** Oldest first. */
  readonly silences: Silence[] = [];
  readonly changes: LinkChange[] = [];
  readonly #links: Link[];
  #version: string | undefined;

  constructor(lanes: number) {
    this.#links = Array.from({ length: lanes }, () => ({ isOpen: false, transport: undefined, transportSince: undefined, heardAt: undefined, outage: undefined, recent: [], failedStage: undefined, silence: undefined, refusedAt: undefined }));
  }

  /** Takes any record but a frame. @param lane of the connection that it names */
  take(record: RunwatchRecord, lane: number): void {
    switch (record.record) {
      case 'connection-open':
        return this.opened(lane, record.at, record.transport);
      case 'connection-close':
        return this.closed(lane, record.at, record);
      case 'stage': {
        const link = this.#links[lane];
        if (link !== undefined) link.failedStage = record.outcome === 'failed' ? record.stage : undefined;
        return;
      }
      case 'health':
        if (record.version === undefined || record.version === this.#version) return;
        if (this.#version !== undefined) this.#change({ at: record.at, kind: 'version', lane: undefined, to: record.version });
        this.#version = record.version;
        return;
      default:
        return;
    }
  }

  /** A frame came over a connection. */
  heard(lane: number, at: EpochMs): void {
    const link = this.#links[lane];
    if (link === undefined) return;
    link.heardAt = at;
    if (link.silence !== undefined) endSilence(link, at);
  }

  /** How a connection travels, and since when, where that has changed. */
  transportOf(lane: number): { readonly transport: WireTransport; readonly since: EpochMs } | undefined {
    const link = this.#links[lane];
    return link?.transport === undefined || link.transportSince === undefined ? undefined : { transport: link.transport, since: link.transportSince };
  }

  /** The outage in which a run broke that was open from `from` to `to`; undefined where its connection stood all the time. */
  outageDuring(lane: number, from: EpochMs, to: EpochMs): Outage | undefined {
    return this.#links[lane]?.recent.findLast((outage) => outage.at <= to && (outage.backAt === undefined || outage.backAt >= from));
  }

  /** A run broke in an outage. */
  broke(outage: Outage, run: number, at: EpochMs): void {
    outage.runs.push(run);
    outage.broken += 1;
    outage.brokenAt = at;
    if (outage.runs.length > keptRuns) outage.runs.shift();
  }

  /** The target said that the sign-in of a connection is at its end: a close that follows at once is for that, whatever its transport can tell of it. */
  refused(lane: number, at: EpochMs): void {
    const link = this.#links[lane];
    if (link !== undefined) link.refusedAt = at;
  }

  /** A run that was opened at `at` brought nothing at all. */
  ranEmpty(lane: number, at: EpochMs): void {
    const link = this.#links[lane];
    if (link?.isOpen !== true || link.heardAt === undefined || link.heardAt >= at) return;
    if (link.silence !== undefined) {
      link.silence.askedAt = at;
      return;
    }
    link.silence = { lane, heardAt: link.heardAt, askedAt: at, endedAt: undefined };
    this.silences.push(link.silence);
    if (this.silences.length > keptOutages) this.silences.shift();
  }

  /** A connection is open, once more where it was. `transport` is undefined where nobody remembers it. */
  opened(lane: number, at: EpochMs, transport: WireTransport | undefined): void {
    const link = this.#links[lane];
    if (link === undefined) return;
    if (link.transport !== undefined && transport !== undefined && link.transport !== transport) {
      link.transportSince = at;
      this.#change({ at, kind: 'transport', lane, to: transport });
    }
    link.transport = transport ?? link.transport;
    link.isOpen = true;
    link.failedStage = undefined;
    if (link.outage === undefined) return;
    link.outage.backAt = at;
    link.outage = undefined;
  }

  /** A connection ended, or a try to open it. */
  closed(lane: number, at: EpochMs, { cause: told, code, reason }: { readonly cause: CloseCause; readonly code?: number; readonly reason?: string }): void {
    const link = this.#links[lane];
    if (link === undefined) return;
    const wasOpen = link.isOpen;
    const cause = told === 'server' && link.refusedAt !== undefined && at - link.refusedAt <= followsMs ? 'auth' : told;
    link.isOpen = false;
    endSilence(link, at);
    // What was closed from here is nobody's fault.
    if (cause === 'operator' || cause === 'monitor') {
      if (link.outage !== undefined) link.outage.backAt = at;
      link.outage = undefined;
      return;
    }
    if (link.outage !== undefined) {
      // A further try failed. Who refuses it now tells more than who ended it then, but for a network that says nothing.
      link.outage.stage = link.failedStage;
      if (cause !== 'network') Object.assign(link.outage, { cause, code, reason });
      return;
    }
    const outage: Outage = { lane, at, wasOpen, cause, code, reason, stage: wasOpen ? undefined : link.failedStage, heardAt: link.heardAt, backAt: undefined, runs: [], broken: 0, brokenAt: undefined };
    link.outage = outage;
    link.recent.push(outage);
    if (link.recent.length > keptRecent) link.recent.shift();
    this.outages.push(outage);
    if (this.outages.length > keptOutages) this.outages.shift();
  }

  #change(change: LinkChange): void {
    this.changes.push(change);
    if (this.changes.length > keptChanges) this.changes.shift();
  }
}

function endSilence(link: Link, at: EpochMs): void {
  if (link.silence !== undefined) link.silence.endedAt = at;
  link.silence = undefined;
}
