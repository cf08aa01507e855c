import { describe, expect, test } from 'vitest';
import { carriages, combinationInUse, trialTransports, whyImpossible, withCombination } from '#connection/combination.ts';
import { socketRequest } from '#connection/socket-request.ts';
import { environmentOf } from './environment.ts';

const token = 'canary-token-5f1e';
const withToken = (fields: object, auth: object = {}): ReturnType<typeof environmentOf> => environmentOf({ auth: { method: 'token', token, ...auth }, ...fields });
const socketIo = { transport: 'socket.io', eventsUrl: 'https://target.example' };

describe('combinationInUse', () => {
  test.each([
    [{}, {}, 'websocket', 'subprotocol'],
    [{}, { carry: 'message' }, 'websocket', 'message'],
    [socketIo, {}, 'socketio-websocket', 'auth'],
    [{ ...socketIo, socketio: { transports: ['polling'] } }, { carry: 'query' }, 'socketio-polling', 'query'],
    [{ ...socketIo, socketio: { transports: ['polling', 'websocket'] } }, {}, 'socketio-upgrade', 'auth'],
    // Socket.IO never leaves a WebSocket that works.
    [{ ...socketIo, socketio: { transports: ['websocket', 'polling'] } }, {}, 'socketio-websocket', 'auth'],
  ])('of %j with %j', (fields, auth, transport, carriage) => {
    expect(combinationInUse(withToken(fields, auth))).toEqual({ transport, carriage });
  });

  test('without a sign-in nothing is carried', () => {
    expect(combinationInUse(environmentOf(socketIo)).carriage).toBe('none');
  });

  test('is what the pool has anyway', () => {
    for (const environment of [withToken({}), withToken(socketIo), withToken(socketIo, { carry: 'query', as: 'Bearer {token}' })]) {
      const changed = withCombination(environment, combinationInUse(environment));
      const credentials = { user: 'u', token, secrets: [] };
      expect(socketRequest(changed, credentials)).toEqual(socketRequest(environment, credentials));
      expect(changed.socketio.transports).toEqual(environment.socketio.transports);
    }
  });
});

describe('what is possible', () => {
  test('with a token: all but a subprotocol of Socket.IO and an auth packet of a plain WebSocket', () => {
    const environment = withToken(socketIo);
    const impossible = trialTransports.flatMap((transport) => carriages.flatMap((carriage) => whyImpossible(environment, { transport, carriage }) ?? []));
    expect(impossible).toEqual(['no-subprotocol', 'no-subprotocol', 'no-subprotocol', 'no-auth-packet']);
  });

  test('without one: only to come without', () => {
    expect(carriages.map((carriage) => whyImpossible(environmentOf(), { transport: 'websocket', carriage }))).toEqual([undefined, 'no-auth-packet', 'no-token', 'no-token', 'no-token']);
  });
});

describe('withCombination', () => {
  test('the token’s shape belongs to the place that it was written for', () => {
    const environment = withToken({}, { carry: 'subprotocol', as: 'bearer.{token}' });
    const shaped = (carriage: (typeof carriages)[number]): unknown => {
      const { subprotocols, url, firstMessage } = socketRequest(withCombination(environment, { transport: 'websocket', carriage }), { user: 'u', token, secrets: [] });
      return [subprotocols, url, firstMessage];
    };
    expect(shaped('subprotocol')).toEqual([[`bearer.${token}`], 'ws://target.example/ws', undefined]);
    expect(shaped('query')).toEqual([[], `ws://target.example/ws?token=${token}`, undefined]);
    expect(shaped('message')).toEqual([[], 'ws://target.example/ws', { type: 'auth', token }]);
    expect(shaped('none')).toEqual([[], 'ws://target.example/ws?user=u', undefined]);
  });

  test.each([
    ['https://target.example', 'wss://target.example/ws'],
    ['http://target.example:8000/', 'ws://target.example:8000/ws'],
    ['wss://target.example/events?x=1', 'wss://target.example/events?x=1'],
    ['not a url', 'not a url'],
  ])('a plain WebSocket beside the Socket.IO of %s is looked for at %s', (eventsUrl, expected) => {
    const environment = { ...withToken(socketIo), eventsUrl };
    expect(withCombination(environment, { transport: 'websocket', carriage: 'query' })).toMatchObject({ transport: 'websocket', eventsUrl: expected });
  });

  test('Socket.IO beside a plain WebSocket is looked for at the same host', () => {
    const changed = withCombination(withToken({}), { transport: 'socketio-upgrade', carriage: 'auth' });
    expect(changed).toMatchObject({ transport: 'socket.io', eventsUrl: 'ws://target.example/ws', socketio: { path: '/socket.io', transports: ['polling', 'websocket'] } });
  });
});
