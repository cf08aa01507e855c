import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseEnvironments } from '#environment/environments-file.ts';
import { placeholderNames } from '#environment/placeholder-names.ts';
import { fillPlaceholders } from '#environment/placeholders.ts';

const minimal = { id: 'a', eventsUrl: 'ws://localhost:1/ws', transport: 'websocket' };
const parse = (...environments: readonly unknown[]) => parseEnvironments(JSON.stringify({ version: 1, environments }));
const faults = (...environments: readonly unknown[]) => {
  const parsed = parse(...environments);
  return parsed.ok ? [] : parsed.error;
};

describe('the environments file', () => {
  test('that is shipped is valid', () => {
    const parsed = parseEnvironments(readFileSync(new URL('../../../public/environments.json', import.meta.url), 'utf8'));
    expect(parsed.ok && parsed.value.map((environment) => environment.id)).toEqual(['mock', 'mock-websocket', 'local', 'staging']);
  });

  test('fills in every default', () => {
    const parsed = parse(minimal);
    expect(parsed.ok && parsed.value[0]).toMatchObject({
      name: 'a',
      kind: 'local',
      dialect: 'canonical',
      auth: { method: 'none' },
      mode: 'probe',
      probe: { everyMs: 15_000, maxRunsPerHour: 2400, event: 'user_message' },
      connectionTimeoutMs: 15_000,
      maxRetries: 5,
      concurrentConnections: 10,
      startupTimeoutMs: 30_000,
      contract: { eventTimeoutMs: 10_000, first: 'agent_started' },
      slo: { target: 0.99, sli: 'events', windowMs: 3_600_000 },
      fallback: [],
    });
  });

  test('only listens to production unless told otherwise', () => {
    const parsed = parse({ ...minimal, kind: 'production' }, { ...minimal, id: 'b', kind: 'production', mode: 'probe' });
    expect(parsed.ok && parsed.value.map((environment) => environment.mode)).toEqual(['observe', 'probe']);
  });

  test.each([
    ['a misspelt field', { ...minimal, retries: 1 }, 'environments[0].retries', 'a field that is not known here'],
    ['a wrong type', { ...minimal, maxRetries: 'five' }, 'environments[0].maxRetries', '"five"'],
    ['nothing where something is needed', { id: 'a', transport: 'websocket' }, 'environments[0].eventsUrl', 'nothing'],
    ['a target above 1', { ...minimal, slo: { target: 99 } }, 'environments[0].slo.target', '99'],
    ['a target of 0', { ...minimal, slo: { target: 0 } }, 'environments[0].slo.target', '0'],
    ['an unknown transport', { ...minimal, transport: 'carrier pigeon' }, 'environments[0].transport', '"carrier pigeon"'],
    ['a wrong URL', { ...minimal, eventsUrl: 'http://localhost' }, 'environments[0].eventsUrl', '"http://localhost"'],
    ['no URL at all', { ...minimal, eventsUrl: 'localhost' }, 'environments[0].eventsUrl', '"localhost"'],
    ['an unknown way to sign in', { ...minimal, auth: { method: 'magic' } }, 'environments[0].auth.method', '"magic"'],
    ['a carrier that the transport lacks', { ...minimal, auth: { method: 'token', token: 'x', carry: 'auth' } }, 'environments[0].auth.carry', '"auth"'],
    ['a login without a place', { ...minimal, auth: { method: 'login', path: '/login' } }, 'environments[0].backendUrl', 'nothing'],
    ['a fallback that is not there', { ...minimal, fallback: ['b'] }, 'environments[0].fallback[0]', '"b"'],
    ['itself as fallback', { ...minimal, fallback: ['a'] }, 'environments[0].fallback[0]', '"a"'],
    ['an id that links cannot carry', { ...minimal, id: 'a b' }, 'environments[0].id', '"a b"'],
  ])('names the place of %s', (_, environment, path, found) => {
    const listed = faults(environment);
    expect(listed.map((fault) => fault.path)).toContain(path);
    const fault = listed.find((each) => each.path === path);
    expect(fault?.expected).not.toBe('');
    expect(fault?.found).toBe(found);
  });

  test('lists all faults at once', () => {
    expect(faults({ ...minimal, transport: 'x' }, { ...minimal, id: 'b', slo: { target: 2 } }).length).toBe(2);
    expect(faults(minimal, minimal)).toMatchObject([{ path: 'environments[1].id' }]);
    // One place is one line, with the rule that fits best.
    expect(faults({ ...minimal, eventsUrl: 'localhost:8000' })).toEqual([
      { path: 'environments[0].eventsUrl', found: '"localhost:8000"', expected: 'a URL that begins with ws:// or wss:// for the transport websocket' },
    ]);
  });

  test('never repeats a token in a fault', () => {
    const listed = faults({ ...minimal, auth: { method: 'token', token: ['s3cret'], as: 's3cret' } });
    expect(listed.length).toBeGreaterThan(0);
    expect(JSON.stringify(listed)).not.toContain('s3cret');
  });

  test('speaks of kinds and of single values in plain English', () => {
    expect(parseEnvironments('{"version":2,"environments":[{"id":"a","eventsUrl":"ws://h","transport":"websocket"}]}')).toMatchObject({ ok: false, error: [{ path: 'version', found: '2', expected: '1' }] });
    const kinds = [{ a: 1 }, ['a'], null, 5, true].map((token) => faults({ ...minimal, auth: { method: 'token', token } })[0]?.found);
    expect(kinds).toEqual(['an object', 'a list', 'null', 'a number', 'a boolean']);
  });

  test('that is no JSON is said to be so, and where, without quoting it', () => {
    expect(parseEnvironments('{"version": 1, s3cret')).toMatchObject({ ok: false, error: [{ path: '(file)', found: expect.stringMatching(/not JSON, at/) }] });
    expect(JSON.stringify(parseEnvironments('{"version": 1, s3cret'))).not.toContain('s3cret');
    expect(parseEnvironments('{}')).toMatchObject({ ok: false });
    expect(parseEnvironments('[]')).toMatchObject({ ok: false, error: [{ path: '(file)' }] });
    expect(parseEnvironments('{"version":2,"environments":[]}')).toMatchObject({ ok: false });
  });
});

describe('placeholders', () => {
  const template = { ...minimal, eventsUrl: 'wss://${HOST}/ws', auth: { method: 'token', token: '${TOKEN}', carry: 'query' }, probe: { message: { text: '${HOST} {run}', list: ['${OTHER}', 1, null] } } };
  const parsed = parse(template);
  const environment = parsed.ok ? parsed.value[0] : undefined;

  test('are listed once each, all missing ones at once', () => {
    if (environment === undefined) throw new Error('not parsed');
    expect(placeholderNames(environment).sort()).toEqual(['HOST', 'OTHER', 'TOKEN']);
    const filled = fillPlaceholders(environment, (name) => (name === 'TOKEN' ? 't' : name === 'HOST' ? '' : undefined));
    expect(filled.ok ? [] : filled.error.reason === 'missing-names' && [...filled.error.names].sort()).toEqual(['HOST', 'OTHER']);
  });

  test('are filled everywhere, and the result is checked', () => {
    if (environment === undefined) throw new Error('not parsed');
    const filled = fillPlaceholders(environment, (name) => `${name.toLowerCase()}.example`);
    expect(filled.ok && filled.value).toMatchObject({ eventsUrl: 'wss://host.example/ws', auth: { token: 'token.example' }, probe: { message: { text: 'host.example {run}', list: ['other.example', 1, null] } } });
    const url = parse({ ...minimal, eventsUrl: '${URL}' });
    if (!url.ok || url.value[0] === undefined) throw new Error('not parsed');
    const wrong = fillPlaceholders(url.value[0], () => 'gopher://x');
    expect(wrong).toMatchObject({ ok: false, error: { reason: 'invalid' } });
  });
});
