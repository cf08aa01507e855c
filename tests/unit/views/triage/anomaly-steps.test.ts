import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { Anomaly } from '#monitor/incident/incident-report.ts';
import { endToShow, placeAmong, stepFrom } from '#views/triage/anomaly-steps.ts';

const anomaly = (at: number, run: string | null): Anomaly => ({ at: epochMs(at), connection: 's#0', run, words: '' });
const anomalies = [anomaly(1000, 'a'), anomaly(2000, null), anomaly(3000, 'b'), anomaly(4000, 'b'), anomaly(9000, 'c')];
const nowhere = { run: undefined, at: undefined };
const shown = { from: 2500, to: 5000 };

describe('stepping through the anomalies', () => {
  test('from nowhere it begins at what is shown', () => {
    expect(stepFrom(anomalies, nowhere, -1, shown)?.at).toBe(4000);
    expect(stepFrom(anomalies, nowhere, 1, shown)?.at).toBe(9000);
    expect(stepFrom(anomalies, nowhere, 1, { from: 5000, to: 10_000 })?.at).toBe(9000);
  });

  test('goes one by one, over those without a run and twice over a run that has two, and ends at either end', () => {
    expect(stepFrom(anomalies, { run: 'a', at: epochMs(1000) }, 1, shown)).toBe(anomalies[1]);
    expect(stepFrom(anomalies, { run: undefined, at: epochMs(2000) }, 1, shown)).toBe(anomalies[2]);
    expect(stepFrom(anomalies, { run: 'b', at: epochMs(3000) }, 1, shown)).toBe(anomalies[3]);
    expect(stepFrom(anomalies, { run: 'a', at: epochMs(1000) }, -1, shown)).toBeUndefined();
  });

  test('a run that was opened otherwise is found, one that is no anomaly is none', () => {
    expect(placeAmong(anomalies, { run: 'c', at: epochMs(2000) })).toBe(4);
    expect(placeAmong(anomalies, { run: 'good', at: undefined })).toBe(-1);
    expect(placeAmong(anomalies, nowhere)).toBe(-1);
  });
});

test('the picture moves only where it does not show the moment, and then what follows is in it too', () => {
  expect(endToShow(epochMs(3000), shown)).toBeUndefined();
  expect(endToShow(epochMs(9000), shown)).toBe(10_500);
});
