import { describe, expect, test } from 'vitest';
import { durationMs } from '#base/units.ts';
import { connectionErrors, printableUrl } from '#connection/connection-error.ts';

describe('printableUrl', () => {
  test.each([
    ['ws://target.example/ws?token=abc#x', 'ws://target.example/ws'],
    ['wss://me:se@cret@target.example:8443/ws', 'wss://target.example:8443/ws'],
    ['http://target.example', 'http://target.example'],
    ['http://target.example/a@b', 'http://target.example/a@b'],
    ['http://target.example?x=\n1', 'http://target.example'],
  ])('%s is shown as %s', (url, shown) => {
    expect(printableUrl(url)).toBe(shown);
  });
});

describe('connectionErrors', () => {
  test('each names the place and something to try', () => {
    const place = 'ws://target.example/ws';
    const errors = [
      connectionErrors.unreachable(place),
      connectionErrors.timeout('The handshake', place, durationMs(15_000)),
      connectionErrors.authRefused(place, 'no'),
      connectionErrors.sessionExpired(place, undefined),
      connectionErrors.loginFailed(place, 'HTTP 500', 'Look.'),
      connectionErrors.handshakeRefused(place, ''),
      connectionErrors.closedByServer(place, 1011, 'oops'),
      connectionErrors.connectionLost(place, undefined),
      connectionErrors.fellSilent(place),
      connectionErrors.unusable(place, 'wrong mode'),
      connectionErrors.retriesUsedUp(5, connectionErrors.unreachable(place)),
    ];
    for (const error of errors) {
      expect(error.message).toContain(place);
      expect(error.remedy).toMatch(/\.$/);
    }
    expect(new Set(errors.map((error) => error.reason)).size).toBe(errors.length);
    expect(connectionErrors.closedByServer(place, 1011, 'oops').message).toBe('ws://target.example/ws closed the connection with code 1011 ("oops").');
    expect(connectionErrors.retriesUsedUp(1, connectionErrors.unreachable(place)).message).toContain('after 1 retry.');
    expect(connectionErrors.socketLimit(255).message).toContain('255');
  });

  test('a local target may be hidden from a page by the browser', () => {
    expect(connectionErrors.unreachable('ws://localhost:8000/ws').remedy).toContain('permission');
    expect(connectionErrors.unreachable('wss://api.example/ws').remedy).not.toContain('permission');
  });
});
