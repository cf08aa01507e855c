import { assertNever } from '#base/assert.ts';
import { isJsonObject } from '#base/json.ts';
import { mappingSchema, type MappingInput } from '#environment/mapping-schema.ts';
import { capturedContractSchema, capturedSloSchema } from '#environment/schema.ts';
import type { Mapping } from '#protocol/mapping.ts';
import { Pseudonyms, type PseudonymCounts, type PseudonymKind } from '#record/pseudonyms.ts';
import type { HeaderEnvironment, HeaderRecord, NoteRecord, RunwatchRecord } from '#record/record.ts';
import { withoutSecrets } from '#record/secrets.ts';
import { ExportFrames } from './export-frames.ts';
import { ExportLeaves, type PayloadCounts } from './export-leaves.ts';
import { textsOfMapping } from './export-mapped.ts';

/** What an export left out, kept and renamed. */
export interface RedactionCounts extends Readonly<PayloadCounts> {
  readonly pseudonyms: PseudonymCounts;
  /** Reasons, notes and other words in which something looked like a secret and was taken out. */
  readonly words: number;
}

interface RedactionOptions {
  /** Payload texts stay, without what looks like a secret. */
  readonly payloads: boolean;
}

const connectionId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}#\d{1,6}$/;
const longestWords = 2000;

/**
 * Turns the records of one capture into what may leave this machine: what judging reads of them, with other names for users, runs and
 * whatever else has an id. Judged again, they give the same report but for these names. What is not read is not there, so that no
 * secret is missed because nobody knew how it looks.
 */
export class ExportRedaction {
  readonly names: Pseudonyms;
  readonly #leaves: ExportLeaves;
  readonly #frames: ExportFrames;
  readonly #header: HeaderRecord;
  #words = 0;

  /** @param header the first record, by which the others are read */
  constructor(header: HeaderRecord, { payloads }: RedactionOptions) {
    const { dialect, contract } = header.environment;
    const mapping = typeof dialect === 'object' ? mappingOf(dialect) : undefined;
    this.names = new Pseudonyms(new Set([...typesOf(contract), ...(mapping === undefined ? [] : textsOfMapping(mapping))]));
    this.#leaves = new ExportLeaves(this.names, payloads);
    this.#frames = new ExportFrames(mapping ?? (typeof dialect === 'string' ? dialect : 'canonical'), this.names, this.#leaves, payloads);
    this.#header = this.#headerOf(header, mapping);
  }

  get counts(): RedactionCounts {
    return { ...this.#leaves.counts, pseudonyms: this.names.counts, words: this.#words };
  }

  /** The header as it leaves. */
  get header(): HeaderRecord {
    return this.#header;
  }

  /** Takes note of the ids in a line that are cut short: of all lines, before the first record is taken. */
  foresee(line: string): void {
    this.names.foresee(line);
  }

  /** A record as it leaves. Frames are to come in their order: a large message may be spread over many. */
  record(record: RunwatchRecord): RunwatchRecord {
    switch (record.record) {
      case 'header':
        return this.#header;
      case 'frame':
        return this.#frames.frame(record, this.connection(record.connection));
      case 'trigger': {
        const { at, connection, run, thread } = record;
        return { record: 'trigger', at, connection: this.connection(connection), ...(run !== undefined && { run: this.#id(run, 'run') }), ...(thread !== undefined && { thread: this.#id(thread, 'thread') }) };
      }
      case 'connection-open': {
        const { at, connection, user, transport, recovered } = record;
        return { record: 'connection-open', at, connection: this.connection(connection), ...(user !== undefined && { user: this.#id(user, 'user') }), transport, recovered };
      }
      case 'connection-close': {
        const { at, connection, cause, code, reason } = record;
        return { record: 'connection-close', at, connection: this.connection(connection), cause, ...(typeof code === 'number' && { code }), ...this.#reason(reason) };
      }
      case 'clock-sample': {
        const { at, connection, sentAt, receivedAt, serverAt } = record;
        return { record: 'clock-sample', at, connection: this.connection(connection), sentAt, receivedAt, serverAt };
      }
      case 'stage': {
        const { at, connection, stage, outcome, durationMs, code, reason } = record;
        const told = typeof code === 'string' ? this.names.name(code, 'type') : code;
        return { record: 'stage', at, connection: this.connection(connection), stage, outcome, durationMs, ...(told !== undefined && { code: told }), ...this.#reason(reason) };
      }
      case 'health': {
        const { at, ok, status, durationMs, version, reason } = record;
        return {
          record: 'health',
          at,
          ok,
          ...(typeof status === 'number' && { status }),
          ...(typeof durationMs === 'number' && { durationMs }),
          ...(version !== undefined && { version: this.words(version) }),
          ...this.#reason(reason),
        };
      }
      case 'blind': {
        const { at, from, cause } = record;
        return { record: 'blind', at, from, cause };
      }
      case 'note':
        return this.#note(record);
      case 'end':
        return { record: 'end', at: record.at };
      default:
        return assertNever(record);
    }
  }

  /** The id of a connection: as this program makes them, it stays. */
  connection(id: string): string {
    return connectionId.test(id) ? id : this.names.name(id, 'connection');
  }

  /** The id of a run in a report: one that named none has the number that it has on its connection. */
  run(id: string): string {
    const slash = id.lastIndexOf('/');
    const numbered = slash > 0 && /^\d+$/.test(id.slice(slash + 1)) && this.names.given(id) === undefined;
    return numbered ? `${this.connection(id.slice(0, slash))}${id.slice(slash)}` : this.names.id(id, 'run');
  }

  /** What somebody wrote, or a target said: without what looks like a secret, and with the pseudonyms of those it speaks of. */
  words(text: string): string {
    const renamed = text.slice(0, longestWords).replace(/[^\s"'`()<>[\]{},;]+/g, (word) => this.#word(word));
    const clean = withoutSecrets(renamed);
    if (clean !== renamed) this.#words += 1;
    return clean;
  }

  /** A word that is somebody's id; short ones are words that happen to be one, too. */
  #word(word: string): string {
    const bare = word.replace(/[.:!?]+$/, '');
    const name = bare.length < 4 || /^[a-z]+$/.test(bare) ? undefined : this.names.given(bare);
    return name === undefined ? word : name + word.slice(bare.length);
  }

  #id(id: unknown, kind: PseudonymKind): string {
    // A record may hold anything where nothing is judged by it; a number is an id as its digits are.
    return typeof id === 'string' || Number.isSafeInteger(id) ? this.names.id(String(id), kind) : '';
  }

  #reason(reason: string | undefined): { readonly reason?: string } {
    return reason === undefined ? {} : { reason: this.words(reason) };
  }

  #note({ at, text, author, time, run, acknowledges }: NoteRecord): NoteRecord {
    return {
      record: 'note',
      at,
      text: this.words(text),
      ...(author !== undefined && { author: author === 'runwatch' ? author : this.names.id(author, 'user') }),
      ...(time !== undefined && { time }),
      ...(run !== undefined && { run: this.run(run) }),
      ...(acknowledges !== undefined && { acknowledges: this.words(acknowledges) }),
    };
  }

  #headerOf({ at, app, environment, asked }: HeaderRecord, mapping: Mapping | undefined): HeaderRecord {
    const { id, name, kind, transport, dialect, contract, slo } = environment;
    const told: HeaderEnvironment = {
      id: this.names.name(id, 'type'),
      name: withoutSecrets(name ?? id),
      kind,
      transport,
      dialect: mapping === undefined ? dialect : withoutMessages(mapping),
      ...(contract !== undefined && { contract: capturedContractSchema.parse(contract) }),
      ...(slo !== undefined && { slo: capturedSloSchema.parse(slo) }),
    };
    const { runs, requireProof } = asked ?? {};
    const asking = { ...(typeof runs === 'number' && { runs }), ...(typeof requireProof === 'boolean' && { requireProof }) };
    return { record: 'header', at, format: 'runwatch', version: 1, app: withoutSecrets(String(app)), environment: told, ...(isJsonObject(asked) && { asked: asking }) };
  }
}

function mappingOf(dialect: MappingInput): Mapping {
  return mappingSchema.parse(dialect);
}

/** What is sent is not needed to judge what came. */
function withoutMessages(mapping: Mapping): MappingInput {
  const { answers, clock, ...rest } = mappingSchema.parse(mapping);
  return { ...rest, answers: Object.fromEntries(Object.keys(answers).map((name) => [name, null])), ...(clock !== undefined && { clock: { ...clock, ask: null } }) };
}

/** Every event type that a contract names. */
function typesOf(contract: HeaderEnvironment['contract']): readonly string[] {
  const { requiredEvents, pairs, first, last, failureEvents } = capturedContractSchema.parse(contract ?? {});
  return [...requiredEvents, ...pairs.flat(), first, last, ...failureEvents];
}
