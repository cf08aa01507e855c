import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy, moveMock } from '../../../scripts/security-headers.ts';

const file = (...environments: unknown[]): string => JSON.stringify({ version: 1, environments });
const connectSources = (text: string | undefined): string => /connect-src ([^;]*)/.exec(contentSecurityPolicy(text).policy)?.[1] ?? '';

describe('contentSecurityPolicy', () => {
  test('names the origins of the targets for HTTP and for sockets, and nothing more', () => {
    const text = file({ backendUrl: 'https://api.example.com/v1?key=1', eventsUrl: 'wss://events.example.com/ws' }, { eventsUrl: 'http://127.0.0.1:4180' });
    expect(connectSources(text)).toBe("'self' https://api.example.com wss://api.example.com https://events.example.com wss://events.example.com http://127.0.0.1:4180 ws://127.0.0.1:4180");
  });

  test('leaves out and tells what has a placeholder or is no address', () => {
    const text = file({ backendUrl: 'https://${NAME}.example.com', eventsUrl: 'ws://127.0.0.1' }, { eventsUrl: 'somewhere' }, { eventsUrl: 'file:///etc/passwd' });
    expect(connectSources(text)).toBe("'self' http://127.0.0.1 ws://127.0.0.1");
    expect(contentSecurityPolicy(text).unresolved).toEqual(['https://${NAME}.example.com', 'somewhere', 'file:///etc/passwd']);
  });

  test('no address adds a directive or a wildcard of its own', () => {
    for (const host of ['a;script-src', "a'unsafe-inline'", '*', '*.example.com', 'a,b']) {
      expect(connectSources(file({ eventsUrl: `ws://${host}/` })), host).toBe("'self'");
    }
  });

  test.for([undefined, '', 'no JSON', 'null', '[]', '{"environments":{}}', '{"environments":[null,1,{"eventsUrl":7}]}'])('a file such as %j allows this page alone', (text) => {
    expect(connectSources(text)).toBe("'self'");
    expect(contentSecurityPolicy(text).unresolved).toEqual([]);
  });

  test('scripts come from this page alone, without eval, inline code or a second Trusted Types policy', () => {
    const { policy } = contentSecurityPolicy(undefined);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types runwatch");
    expect(policy).not.toMatch(/unsafe|\*/);
  });
});

describe('moveMock', () => {
  const mock = { kind: 'mock', backendUrl: 'http://127.0.0.1:4180', eventsUrl: 'ws://localhost:4180/ws', name: 'on http://127.0.0.1:4180' };

  test('moves the addresses of the mock, and nothing else', () => {
    const others = [
      { kind: 'local', eventsUrl: 'ws://127.0.0.1:4180/ws' },
      { kind: 'mock', eventsUrl: 'ws://mock.example.com:4180/ws' },
      { kind: 'mock', eventsUrl: 'ws://127.0.0.1:41800/ws' },
    ];
    expect(JSON.parse(moveMock(file(mock, ...others), 4180, 4190))).toEqual(
      JSON.parse(file({ ...mock, backendUrl: 'http://127.0.0.1:4190', eventsUrl: 'ws://localhost:4190/ws' }, ...others)),
    );
  });

  test('leaves the text as it is at the usual port, and where it is no environments file', () => {
    expect(moveMock(file(mock), 4180, 4180)).toBe(file(mock));
    expect(moveMock('{"broken', 4180, 4190)).toBe('{"broken');
    expect(moveMock('[]', 4180, 4190)).toBe('[]');
  });
});
