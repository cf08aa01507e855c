import { isJsonObject, type JsonObject } from '#base/json.ts';
import { err, ok, type Result } from '#base/result.ts';
import { epochMs } from '#base/units.ts';
import type { CaptureFault, CaptureFaultReason } from './capture-fault.ts';
import { captureLimits, holdsBadNumber, nestsDeeperThan, type CaptureLimits } from './limits.ts';
import type { RunwatchRecord } from './record.ts';
import { isKnownKind, isRecord, shapeFault } from './record-shape.ts';

/** What was read once a capture is at its end. */
export interface CaptureSummary {
  readonly records: number;
  /** 1 if the last line was torn by a crash and skipped. */
  readonly tornLines: number;
}

/**
 * Reads a capture piece by piece, so that its size does not matter.
 *
 * Time may not go back on one connection; between connections small disorder is accepted, since each socket is
 * heard on its own. A record that belongs to no connection may not be earlier than any record before it.
 */
export class CaptureReader {
  readonly #take: (record: RunwatchRecord) => void;
  readonly #limits: CaptureLimits;
  readonly #newestOf = new Map<string, number>();
  #newest = Number.NEGATIVE_INFINITY;
  #rest = '';
  #line = 0;
  #records = 0;
  #hasHeader = false;
  #ended = false;
  #fault: CaptureFault | undefined;

  /** @param take is handed every record of a known kind, in order, and after the last one an `end` if the capture has none. */
  constructor(take: (record: RunwatchRecord) => void, limits: CaptureLimits = captureLimits) {
    this.#take = take;
    this.#limits = limits;
  }

  /** Reads the next piece of text. After a fault, and after the capture's `end`, nothing more is read. */
  push(piece: string): Result<void, CaptureFault> {
    let from = 0;
    while (this.#fault === undefined && !this.#ended) {
      const to = piece.indexOf('\n', from);
      if (to < 0) break;
      const line = this.#rest + piece.slice(from, to);
      this.#rest = '';
      from = to + 1;
      this.#readLine(line, false);
    }
    if (!this.#ended && this.#fault === undefined) this.#keepRest(piece.slice(from));
    return this.#fault === undefined ? ok(undefined) : err(this.#fault);
  }

  /** The text is at its end. */
  finish(): Result<CaptureSummary, CaptureFault> {
    let tornLines = 0;
    if (this.#fault === undefined && !this.#ended && this.#rest.trim() !== '') {
      if (this.#hasHeader && !isJson(this.#rest, this.#limits.depth)) tornLines = 1;
      else this.#readLine(this.#rest, true);
    }
    if (this.#fault === undefined && !this.#hasHeader) this.#fail('no-header', 'the capture is empty');
    if (this.#fault !== undefined) return err(this.#fault);
    if (!this.#ended) {
      this.#ended = true;
      this.#take({ record: 'end', at: epochMs(this.#newest) });
    }
    return ok({ records: this.#records, tornLines });
  }

  /** A line may come in many pieces, but not without end. */
  #keepRest(piece: string): void {
    this.#rest += piece;
    if (this.#rest.length <= this.#limits.lineLength) return;
    this.#rest = '';
    this.#line += 1;
    this.#fail('line-too-long', this.#lengthDetail());
  }

  #readLine(line: string, unterminated: boolean): void {
    this.#line += 1;
    if (line.length > this.#limits.lineLength) return this.#fail('line-too-long', this.#lengthDetail());
    if (line.trim() === '' && (this.#hasHeader || unterminated)) return;
    if (nestsDeeperThan(line, this.#limits.depth)) return this.#fail('too-deep', `its JSON nests more than ${this.#limits.depth} levels deep`);
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      return this.#hasHeader ? this.#fail('broken-line', 'it is not JSON') : this.#fail('no-header', 'the first line is not JSON');
    }
    if (holdsBadNumber(line, parsed)) return this.#fail('bad-number', 'it holds a number that is too large to be one, such as 1e400');
    if (!isJsonObject(parsed) || typeof parsed['record'] !== 'string') {
      return this.#hasHeader
        ? this.#fail('broken-line', 'expected a JSON object with a text in "record"')
        : this.#fail('no-header', 'expected a JSON object with "record": "header"');
    }
    if (!this.#hasHeader) {
      const fault = this.#headerFault(parsed);
      if (fault !== undefined) return this.#fail(...fault);
      this.#hasHeader = true;
    } else if (parsed['record'] === 'header') {
      return this.#fail('broken-line', 'a second header; a capture has one, as its first line');
    }
    if (!isKnownKind(parsed['record'])) return;
    if (!isRecord(parsed)) return this.#fail('broken-line', shapeFault(parsed) ?? 'expected a record');
    const disorder = this.#disorder(parsed);
    if (disorder !== undefined) return this.#fail('time-goes-back', disorder);
    this.#records += 1;
    if (parsed['record'] === 'end') this.#ended = true;
    this.#take(parsed);
  }

  #lengthDetail(): string {
    return `it is longer than ${this.#limits.lineLength} characters; no capture has such lines`;
  }

  #headerFault(record: JsonObject): [CaptureFaultReason, string] | undefined {
    if (record['record'] !== 'header' || record['format'] !== 'runwatch') return ['no-header', 'expected {"record":"header","format":"runwatch",…}'];
    if (record['version'] !== 1) return ['unknown-version', `its version is ${JSON.stringify(record['version'])}; this Runwatch reads version 1`];
    return undefined;
  }

  #disorder(record: JsonObject): string | undefined {
    const at = Number(record['at']);
    const connection = record['connection'];
    const floor = typeof connection === 'string' ? (this.#newestOf.get(connection) ?? Number.NEGATIVE_INFINITY) : this.#newest;
    if (at < floor) return `its "at" ${at} is earlier than ${floor} before it${typeof connection === 'string' ? ` on ${JSON.stringify(connection)}` : ''}`;
    if (typeof connection === 'string') this.#newestOf.set(connection, at);
    this.#newest = Math.max(this.#newest, at);
    return undefined;
  }

  #fail(reason: CaptureFaultReason, detail: string): void {
    const line = Math.max(1, this.#line);
    this.#fault = { line, reason, message: `Line ${line}: ${detail}.` };
  }
}

/** Whether a text is JSON; of one that nests too deep it is not asked, as that would take seconds. */
function isJson(text: string, depth: number): boolean {
  if (nestsDeeperThan(text, depth)) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
