import { describe, expect, test } from 'vitest';
import { socketRequest } from '#connection/socket-request.ts';
import { environmentOf } from './environment.ts';

const credentials = { user: 'u 1', token: 'tok/en=1', secrets: ['tok/en=1'] };
const withToken = (auth: object, fields: object = {}) => socketRequest(environmentOf({ auth: { method: 'token', token: 'tok/en=1', ...auth }, ...fields }), credentials);
const socketIo = { transport: 'socket.io', eventsUrl: 'http://target.example' };

describe('socketRequest', () => {
  test('without a token the user is told', () => {
    const nobody = { user: undefined, token: undefined, secrets: [] };
    expect(socketRequest(environmentOf(), nobody)).toMatchObject({ url: 'ws://target.example/ws', auth: {}, subprotocols: [] });
    expect(socketRequest(environmentOf(), { ...nobody, user: 'u 1' }).url).toBe('ws://target.example/ws?user=u%201');
    expect(socketRequest(environmentOf(socketIo), { ...nobody, user: 'u 1' })).toMatchObject({ url: 'http://target.example', auth: { user: 'u 1' } });
  });

  test('the subprotocol is a WebSocket’s default, and the auth packet Socket.IO’s', () => {
    expect(withToken({})).toMatchObject({ url: 'ws://target.example/ws', subprotocols: ['jwt.tok/en=1'], auth: {}, firstMessage: undefined });
    expect(withToken({}, socketIo)).toMatchObject({ auth: { token: 'tok/en=1' }, subprotocols: [] });
  });

  test('each carriage puts it where it is looked for, shaped as asked', () => {
    expect(withToken({ carry: 'subprotocol', as: 'bearer.{token}' }).subprotocols).toEqual(['bearer.tok/en=1']);
    expect(withToken({ carry: 'query' }).url).toBe('ws://target.example/ws?token=tok%2Fen%3D1');
    expect(withToken({ carry: 'query', queryName: 'jwt', as: 'v1:{token}' }, { eventsUrl: 'ws://target.example/ws?a=1#f' }).url).toBe('ws://target.example/ws?a=1&jwt=v1%3Atok%2Fen%3D1#f');
    expect(withToken({ carry: 'message' }).firstMessage).toEqual({ type: 'auth', token: 'tok/en=1' });
    expect(withToken({ carry: 'message', as: 'Bearer {token}', authMessage: { hello: ['{token}', 1] } }).firstMessage).toEqual({ hello: ['Bearer tok/en=1', 1] });
    expect(withToken({ carry: 'auth', as: 'Bearer {token}' }, socketIo).auth).toEqual({ token: 'Bearer tok/en=1' });
  });

  test('knows every form of the secret, and a place without any', () => {
    const request = withToken({ carry: 'query', as: 'v1:{token}' }, { eventsUrl: 'ws://me:secret@target.example/ws?key=1' });
    expect(request.secrets).toEqual(['tok/en=1', 'v1:tok/en=1']);
    expect(request.place).toBe('ws://target.example/ws');
  });
});
