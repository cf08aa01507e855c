import { describe, expect, test } from 'vitest';
import { redact } from '#record/capture-writer.ts';
import { isSecretName, longestText, withoutSecrets } from '#record/secrets.ts';

describe('a text without secrets', () => {
  test.each([
    ['a private key', 'key -----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY----- used', 'key [redacted] used'],
    ['a private key that is cut short', 'key -----BEGIN PRIVATE KEY-----\nMIIEow', 'key [redacted]'],
    ['two of them', '-----BEGIN PRIVATE KEY-----a-----END PRIVATE KEY-----b-----BEGIN PRIVATE KEY-----c-----END PRIVATE KEY-----d', '[redacted]b[redacted]d'],
    ['an e-mail address', 'ask bob.b+x@mail.example.com, or carol@example.org!', 'ask [e-mail], or [e-mail]!'],
    ['no address', 'meet @noon at a@b or @example.com', 'meet @noon at a@b or @example.com'],
    ['a password in words', 'login failed: password=hunter22; retry', 'login failed: password=[redacted]; retry'],
    ['a password in an address', 'at https://user:pa55@host/x?a=1&access_token=abc&b=2', 'at https://[redacted]@host/x?a=1&access_token=[redacted]&b=2'],
    ['a blob', 'got AbCdEfGh12345678IjKlMnOp', 'got [redacted]'],
    ['a blob with slashes', `got ${'Ab1/'.repeat(12)}==`, 'got [redacted]'],
    ['a path and a long word', 'in /var/lib/something/that/is/very/long/2024 internationalization_of_things', 'in /var/lib/something/that/is/very/long/2024 internationalization_of_things'],
    ['an escaped word', '\\u0070assword=hunter22', 'password=[redacted]'],
  ])('%s', (_, text, clean) => {
    expect(withoutSecrets(text)).toBe(clean);
  });

  test('does not change any more once it is clean', () => {
    const once = withoutSecrets('Authorization: Bearer abcdef0123456789abcdef, cookie: sid=12345; bob@example.com');
    expect(withoutSecrets(once)).toBe(once);
  });

  test('is all taken out where it is too long to be looked through', () => {
    expect(withoutSecrets('a '.repeat(longestText))).toBe('[redacted]');
  });

  test.each(['token', 'accessToken', 'X-Api-Key', 'client_secret', 'Set-Cookie', 'userPassword', 'authorization', 'jwt'])('the field %s holds one', (name) => {
    expect(isSecretName(name)).toBe(true);
  });
  test.each(['tokens', 'tokenCount', 'cookies_eaten', 'author', 'key', 'ticketing'])('the field %s holds none', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe('whatever a target makes up takes no longer than its length', () => {
  const many = 8 * 2 ** 20;
  const made = (part: string): string => part.repeat(Math.ceil(many / part.length));
  test.each<readonly [string, string]>([
    ...['sk-', 'SG.a', '://', '?a', ';token', 'token\\"', '\\', 'AKIA', '=?', '@', 'a@', 'a1'].map((part) => [part, made(part)] as const),
    ...['sk-', 'Bearer ', 'SG.', '://', '?token=', 'token\\":\\"', 'eyJ', 'AIza'].map((begin) => [`${begin}aaa…`, begin + 'a'.repeat(many)] as const),
    ['token, spaces', `token${' '.repeat(many)}`],
  ])('%s', { timeout: 5000 }, (_, text) => {
    expect(redact(text).length).toBeGreaterThan(0);
    expect(withoutSecrets(text.slice(0, longestText)).length).toBeGreaterThan(0);
  });
});
