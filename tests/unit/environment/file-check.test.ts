import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkFile } from '#environment/file-check.ts';

const shipped = readFileSync(new URL('../../../public/environments.json', import.meta.url), 'utf8');
/** The line in which a text stands, from 1. */
const lineWith = (text: string, piece: string): number => text.split('\n').findIndex((line) => line.includes(piece)) + 1;

describe('checkFile', () => {
  test('has nothing against the file that is shipped, and tells what it asks for', () => {
    expect(checkFile(shipped)).toEqual({ faults: [], secrets: [], names: ['STAGING_BYPASS_KEY'], environments: 4 });
  });

  test('gives each fault the line of its value', () => {
    const text = shipped.replace('"target": 0.99', '\n        "target": 99').replace('ws://localhost:8000/ws', 'localhost:8000').replace('"${STAGING_BYPASS_KEY}"', '"s3cret"');
    const { faults, secrets, environments } = checkFile(text);
    expect(environments).toBe(0);
    expect(faults.map(({ path, found, line }) => [path, found, line])).toEqual([
      ['environments[0].slo.target', '99', lineWith(text, '"target": 99')],
      ['environments[2].eventsUrl', '"localhost:8000"', lineWith(text, '"localhost:8000"')],
    ]);
    expect(secrets).toEqual([{ path: 'environments[3].auth.headers.X-E2E-Bypass-Key', line: lineWith(text, 's3cret') }]);
  });

  test('what is missing has the line of what it is missing in', () => {
    const text = '{\n "version": 1,\n "environments": [\n  {"id": "a", "transport": "websocket"},\n  {\n   "id": "b", "eventsUrl": "ws://h", "transport": "websocket", "tpyo": 1\n  }\n ]\n}';
    expect(checkFile(text).faults.map(({ path, line }) => [path, line])).toEqual([
      ['environments[0].eventsUrl', 4],
      ['environments[1].tpyo', 6],
    ]);
    expect(checkFile('\n\n[]').faults).toMatchObject([{ path: '(file)', line: 1 }]);
  });

  test.each([
    ['{"version": 1,\n "environments": [}\n', 2, 'line 2, column 19'],
    ['', 1, 'line 1, column 1'],
    ['{"version": 1, s3cret', 1, 'line 1, column 16'],
  ])('says of %j where it stops being JSON, without quoting it', (text, line, place) => {
    expect(checkFile(text)).toMatchObject({ faults: [{ path: '(file)', found: `text that is not JSON, at ${place}`, line }], names: [], environments: 0 });
    expect(JSON.stringify(checkFile(text))).not.toContain('s3cret');
  });

  test('of a field that is there twice the last one is meant', () => {
    const text = '{"version": 1,\n"version": 2,\n"environments": [{"id": "a", "eventsUrl": "ws://h", "transport": "websocket"}]}';
    expect(checkFile(text).faults).toEqual([{ path: 'version', found: '2', expected: '1', line: 2 }]);
  });
});
