import { describe, expect, test } from 'vitest';
import { endOfConnectError, endOfSocketIo, endOfWebSocket } from '#connection/close-cause.ts';

describe('endOfWebSocket', () => {
  test.each([
    [1000, 'server'],
    [1001, 'server'],
    [1003, 'server'],
    [1005, 'server'],
    [1006, 'network'],
    [1008, 'auth'],
    [1011, 'server'],
    [1012, 'server'],
    [1015, 'network'],
    [4001, 'server'],
  ])('code %d is the %s', (code, cause) => {
    expect(endOfWebSocket(code, 'why', true)).toEqual({ cause, code, reason: 'why' });
  });

  test('a refused upgrade is the network’s, without a code, whatever the runtime says', () => {
    expect(endOfWebSocket(1006, 'Unexpected server response: 401', false)).toEqual({ cause: 'network', code: undefined, reason: undefined });
  });
});

describe('endOfSocketIo', () => {
  test.each([
    ['io server disconnect', 'server'],
    ['parse error', 'server'],
    ['transport close', 'network'],
    ['transport error', 'network'],
    ['ping timeout', 'network'],
  ])('%s is the %s', (reason, cause) => {
    expect(endOfSocketIo(reason)).toEqual({ cause, code: undefined, reason });
  });
});

describe('endOfConnectError', () => {
  const transportError = (description: unknown): Error => Object.assign(new Error('xhr poll error'), { type: 'TransportError', description });

  test.each([
    'Authentication error',
    'unauthorized',
    'not authorized',
    'AUTH_FAILED',
    'invalid token',
    'Token has expired',
    'token_expired',
    'jwt malformed',
    'missing access token',
    'No token provided',
    'Forbidden',
    'bad credentials',
    'Please log in',
    'login required',
    'HTTP 403',
  ])('"%s" refuses the sign-in', (message) => {
    expect(endOfConnectError(new Error(message))).toEqual({ cause: 'auth', code: undefined, reason: message });
  });

  test.each(['Invalid namespace', 'Unexpected token < in JSON at position 0', 'author service is down', 'too many connections', 'room 4010 is full'])('"%s" does not', (message) => {
    expect(endOfConnectError(new Error(message)).cause).toBe('server');
  });

  test.each([{ status: 401 }, { code: 403 }, { statusCode: '401' }, { code: 'UNAUTHORIZED' }])('the data %j of a middleware refuses the sign-in', (data) => {
    expect(endOfConnectError(Object.assign(new Error('go away'), { data })).cause).toBe('auth');
  });

  test('polling that is answered with 401 or 403 is refused; other transport errors are the network’s', () => {
    expect(endOfConnectError(transportError(401))).toEqual({ cause: 'auth', code: undefined, reason: 'HTTP 401' });
    expect(endOfConnectError(transportError(403)).cause).toBe('auth');
    expect(endOfConnectError(transportError(502))).toEqual({ cause: 'network', code: undefined, reason: 'HTTP 502' });
    expect(endOfConnectError(transportError(0))).toEqual({ cause: 'network', code: undefined, reason: undefined });
    expect(endOfConnectError(transportError({ message: 'Unexpected server response: 401' }))).toEqual({ cause: 'network', code: undefined, reason: undefined });
  });

  test('anything may be thrown', () => {
    expect(endOfConnectError('what').cause).toBe('server');
    expect(endOfConnectError(undefined).cause).toBe('server');
  });
});
