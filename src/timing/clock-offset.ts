import type { DurationMs, EpochMs } from '#base/units.ts';
import { durationMs } from '#base/units.ts';

/** One question to the target for its time, and its answer. */
export interface ClockSample {
  /** When the question left, on the monitor's clock. */
  readonly sentAt: EpochMs;
  /** When the answer came, on the monitor's clock. */
  readonly receivedAt: EpochMs;
  /** What the target's clock said in between. */
  readonly serverAt: EpochMs;
}

/** How far one target's clock is from the monitor's, as one connection knows it. */
export interface ClockOffset {
  /** Takes a sample; they come in the order in which they were received. */
  add(sample: ClockSample): void;
  /** Target's clock − monitor's clock; undefined before the first sample. */
  offset(): DurationMs | undefined;
  /** How wrong the offset may be at `at`, either way; infinite before the first sample. */
  uncertainty(at: EpochMs): DurationMs;
  /**
   * Both at once, for those who show them, as they were known at `at`, which may be long ago: what came later says nothing of an event
   * before it. Undefined before the first sample; what is older than is remembered is told by the oldest that is.
   */
  at(at: EpochMs): { readonly offset: DurationMs; readonly uncertainty: DurationMs } | undefined;
}

/** Which sample counted from a moment on. */
interface Choice {
  readonly from: EpochMs;
  readonly sample: ClockSample;
}

/** As many samples as the clock filter of RFC 5905 (NTP) §10 looks back on. */
const samplesKept = 8;

/** Of a question every 15 s this is more than an hour, and far more where the choice stays as it is. */
const choicesKept = 256;

/** How fast two clocks may part: 15 ppm, PHI of RFC 5905. */
const driftPerMs = 15e-6;

/**
 * Estimates a clock's offset from its last 8 samples, after RFC 5905 §8 and §10:
 * the sample with the smallest round trip counts (of equals the newest), because the error of an offset is at most half
 * of its round trip. offset = serverAt − (sentAt + receivedAt) / 2;
 * uncertainty = round trip / 2 + 15 ppm of the sample's age.
 */
export function createClockOffset(): ClockOffset {
  const samples: ClockSample[] = [];
  // The choice is by round trip alone, so it changes only when a sample comes, and an event costs no search.
  let chosen: ClockSample | undefined;
  let offset: DurationMs | undefined;
  const choices: Choice[] = [];

  return {
    add(sample) {
      samples.push(sample);
      if (samples.length > samplesKept) samples.shift();
      chosen = samples.reduce((best, next) => (roundTrip(next) <= roundTrip(best) ? next : best));
      offset = offsetOf(chosen);
      if (choices.at(-1)?.sample === chosen) return;
      choices.push({ from: sample.receivedAt, sample: chosen });
      if (choices.length > choicesKept) choices.shift();
    },
    offset: () => offset,
    uncertainty: (at) => (chosen === undefined ? durationMs(Infinity) : uncertaintyOf(chosen, at)),
    at(at) {
      const { sample } = choices.findLast(({ from }) => from <= at) ?? choices[0] ?? {};
      return sample === undefined ? undefined : { offset: offsetOf(sample), uncertainty: uncertaintyOf(sample, at) };
    },
  };
}

const offsetOf = ({ sentAt, serverAt, receivedAt }: ClockSample): DurationMs => durationMs(serverAt - (sentAt + receivedAt) / 2);

/** Two clocks part as well before a sample as after it. */
const uncertaintyOf = (sample: ClockSample, at: EpochMs): DurationMs => durationMs(roundTrip(sample) / 2 + driftPerMs * Math.abs(at - sample.receivedAt));

const roundTrip = (sample: ClockSample): number => sample.receivedAt - sample.sentAt;
