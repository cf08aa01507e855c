import { expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { printDiagnosis } from '#cli/print.ts';

const diagnosis = { layer: 'network', cause: 'tls', also: null, sentence: 'The certificate is not accepted here.', remedy: 'Look at it.', ruledOut: [], since: epochMs(0) } as const;

test('a diagnosis is one line: layer, cause, what is wrong, what to try, what it is not', () => {
  expect(printDiagnosis(diagnosis)).toBe('Diagnosis: network (tls). The certificate is not accepted here. Look at it.\n');
  expect(printDiagnosis({ ...diagnosis, also: 'target-down', ruledOut: ['token', 'CORS'] })).toBe(
    'Diagnosis: network (tls, or target-down). The certificate is not accepted here. Look at it. Ruled out: token, CORS.\n',
  );
  expect(printDiagnosis({ ...diagnosis, sentence: 'It says "\u{1b}[2J\n".' })).toBe('Diagnosis: network (tls). It says "\u{fffd}[2J\u{fffd}". Look at it.\n');
});
