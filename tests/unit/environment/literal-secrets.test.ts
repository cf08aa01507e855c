import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { literalSecrets } from '#environment/literal-secrets.ts';

const found = (...environments: readonly object[]): string[] => literalSecrets(JSON.parse(JSON.stringify({ version: 1, environments })));

describe('literalSecrets', () => {
  test('finds what is written out, and lets placeholders be', () => {
    expect(
      found(
        { auth: { method: 'token', token: 's3cret' } },
        { auth: { method: 'token', token: '${TOKEN}' } },
        { auth: { method: 'login', headers: { 'X-E2E-Bypass-Key': 'abc', 'X-Api-Key': '${KEY}', accept: 'application/json' }, body: { email: 'a@b', password: 'p', inner: [{ client_secret: 's' }] } } },
        { auth: { method: 'login', tokenAt: 'access_token', queryName: 'token', as: 'jwt.{token}', body: { password: '' } } },
      ),
    ).toEqual(['environments[0].auth.token', 'environments[2].auth.headers.X-E2E-Bypass-Key', 'environments[2].auth.body.password', 'environments[2].auth.body.inner[0].client_secret']);
  });

  test('finds secrets in addresses', () => {
    expect(found({ eventsUrl: 'wss://user:pass@host/ws', backendUrl: 'https://host/?api_key=1' })).toEqual(['environments[0].backendUrl', 'environments[0].eventsUrl']);
    expect(found({ eventsUrl: 'wss://user:${PASS}@host/ws?token=${TOKEN}', backendUrl: 'https://host:8000/a?user=b' })).toEqual([]);
  });

  test('the file that is shipped has none', () => {
    expect(literalSecrets(JSON.parse(readFileSync(new URL('../../../public/environments.json', import.meta.url), 'utf8')))).toEqual([]);
  });

  test.each([null, [], 'text', { environments: 1 }, { environments: [1, null, { auth: 'x', eventsUrl: 5 }] }])('has nothing to say of %j', (content) => {
    expect(literalSecrets(content)).toEqual([]);
  });

  test('looks no deeper than is sensible', () => {
    let body: object = { password: 'p' };
    for (let depth = 0; depth < 1000; depth += 1) body = { inner: body };
    expect(found({ auth: { body } })).toEqual([]);
  });
});
