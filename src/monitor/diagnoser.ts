import { durationMs, later, type EpochMs } from '#base/units.ts';
import type { Answers, Evidence, EvidencePlatform, Observation } from '#connection/evidence.ts';
import type { DiagnosisKit } from './diagnosis-kit.ts';
import { Observer } from './observer.ts';
import type { DiagnosisSnapshot } from './snapshot.ts';
import type { Platform, Watch } from './watch.ts';

/** A change is seen, asked about and named within a second. */
const lookMs = durationMs(250);
/** A target in trouble is not asked more often. */
const askPauseMs = durationMs(5000);

/** Watches one watch for trouble and says what is behind it: looks four times a second, and asks around when what it sees has changed. */
export class Diagnoser {
  readonly #watch: Watch;
  readonly #platform: Platform;
  readonly #page: EvidencePlatform['page'] | undefined;
  readonly #permission: EvidencePlatform['permission'] | undefined;
  readonly #observer = new Observer();
  #ignore: () => unknown = () => undefined;
  #cancel: (() => void) | undefined;
  #current: DiagnosisSnapshot | null = null;
  #picture = '';
  #answers: Answers | undefined;
  /** What was seen when they were asked for, and how much had gone wrong by then. */
  #askedAbout = '';
  #lossesThen = 0;
  #askedAt: EpochMs | undefined;
  #asking: Promise<void> | undefined;
  #kit: DiagnosisKit | undefined;
  #loading: Promise<DiagnosisKit> | undefined;

  /** @param page where this runs, and `permission` what its browser allows; both are found out if left out */
  constructor(watch: Watch, platform: Platform, page?: EvidencePlatform['page'], permission?: EvidencePlatform['permission']) {
    this.#watch = watch;
    this.#platform = platform;
    this.#page = page;
    this.#permission = permission;
    this.#kit = platform.diagnosis;
  }

  /** To be called before the watch is started, whose records tell what went wrong. */
  start(): void {
    this.#ignore = this.#watch.recording.observe({ record: (record) => this.#observer.take(record), event: () => undefined });
    this.#schedule();
  }

  stop(): void {
    this.#ignore();
    this.#cancel?.();
    this.#cancel = undefined;
    this.#current = null;
  }

  /** What is wrong, as far as it is known; null while nothing is. */
  get current(): DiagnosisSnapshot | null {
    return this.#current;
  }

  /** Looks now, asks if there is something to ask about, and gives the diagnosis: for one who cannot wait for the next look. */
  async settled(): Promise<DiagnosisSnapshot | null> {
    if (this.#kit === undefined) await this.#load();
    this.#look();
    await this.#asking;
    // What was asked for may be older than what is seen now.
    if (this.#current === null && this.#picture !== '' && this.#askedAbout !== this.#picture) await this.#ask();
    return this.#current;
  }

  #load(): Promise<DiagnosisKit> {
    this.#loading ??= import('./diagnosis-kit.ts').then(({ diagnosisKit }) => (this.#kit = diagnosisKit));
    return this.#loading;
  }

  #evidencePlatform({ pageHere, permissionHere }: DiagnosisKit): EvidencePlatform {
    const { clock, fetch, sockets } = this.#platform;
    return { clock, fetch, sockets, page: this.#page ?? pageHere(), permission: this.#permission ?? permissionHere };
  }

  #schedule(): void {
    this.#cancel = this.#platform.clock.after(lookMs, () => {
      this.#look();
      if (this.#cancel !== undefined) this.#schedule();
    });
  }

  #look(): void {
    const observed = this.#observe();
    if (observed === undefined) return;
    if (this.#kit === undefined) {
      // A page that was replaced meanwhile has it no more: then there is no diagnosis, and the problem stands for itself.
      this.#load().then(
        () => this.#look(),
        () => undefined,
      );
      return;
    }
    const { clock } = this.#platform;
    const isNew = this.#askedAbout !== this.#picture || this.#observer.losses > this.#lossesThen;
    const isTime = this.#askedAt === undefined || clock.now() >= later(this.#askedAt, askPauseMs);
    if (isNew && isTime) this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    this.#judge(observed);
  }

  /** What is to be seen; undefined where nothing is wrong, which then is the diagnosis. */
  #observe(): Observation | undefined {
    const observed = this.#watch.stopping ? undefined : this.#observer.observe(this.#watch, this.#platform.clock.now());
    this.#picture = observed === undefined ? '' : pictureOf(observed);
    if (this.#picture !== '') return observed;
    this.#current = null;
    this.#answers = undefined;
    this.#askedAbout = '';
    return undefined;
  }

  async #ask(): Promise<void> {
    const observed = this.#observe();
    if (observed === undefined) return;
    const picture = this.#picture;
    this.#askedAt = this.#platform.clock.now();
    this.#lossesThen = this.#observer.losses;
    const kit = this.#kit ?? (await this.#load());
    const { answers } = await kit.gatherEvidence(this.#watch.environment, observed, this.#evidencePlatform(kit));
    this.#answers = answers;
    this.#askedAbout = picture;
    const now = this.#observe();
    if (now !== undefined) this.#judge(now);
  }

  #judge(observed: Observation): void {
    if (this.#kit === undefined) return;
    const { diagnose } = this.#kit;
    const evidence: Evidence = { environment: this.#watch.environment, page: this.#evidencePlatform(this.#kit).page, observed, answers: this.#answers };
    const found = diagnose(evidence);
    if (found === undefined) {
      this.#current = null;
      return;
    }
    // Answers to an older question still tell something, but only what follows without them may take the place of what was concluded.
    const isOld = this.#askedAbout !== this.#picture;
    const sound = isOld && found.cause !== this.#current?.cause ? diagnose({ ...evidence, answers: undefined }) : found;
    if (sound === undefined || (isOld && sound.cause === 'unknown')) return;
    const { layer, cause, also = null, sentence, remedy, ruledOut } = sound;
    const since = this.#current?.cause === cause ? this.#current.since : observed.at;
    this.#current = { layer, cause, also, sentence, remedy, ruledOut, since };
  }
}

/** What is wrong in short, the same for as long as nothing new goes wrong: not how often, nor on how many connections. Empty where nothing is. */
function pictureOf({ online, connections, mode, limited, runs }: Observation): string {
  const wrong = new Set<string>();
  if (!online) wrong.add('offline');
  for (const { state, loss, silentMs, mute } of connections) {
    if (state === 'closed') continue;
    if (state !== 'open' && loss !== undefined) wrong.add(`lost ${loss.stage} ${loss.cause} ${loss.code ?? loss.reason ?? ''} ${loss.words ?? ''}`);
    if (silentMs !== undefined) wrong.add('silent');
    if (mute !== undefined) wrong.add('mute');
  }
  if (limited !== undefined) wrong.add('limited');
  if (runs.failed > 0 && runs.failed * 2 >= runs.judged) wrong.add('failed');
  if (wrong.size > 0 && mode !== undefined) wrong.add(mode);
  return [...wrong].toSorted().join(', ');
}
