import { expect, test } from 'vitest';
import { scopeKey, scopeWords } from '#views/triage/incident-words.ts';

test('a scope is told with how many of how many, and with the first names', () => {
  expect(scopeWords({ kind: 'connection', names: ['staging#17', 'staging#42', 'staging#88'], affected: 3, of: 100 })).toBe('3 of 100 connections: #17, #42, #88');
  expect(scopeWords({ kind: 'user', names: ['u1', 'u2', 'u3', 'u4'], affected: 140, of: 1000 })).toBe('140 of 1,000 users: u1, u2, u3 and 137 more');
  expect(scopeWords({ kind: 'type', names: ['tool_completed'], affected: 1, of: 5 })).toBe('1 of 5 event types: tool_completed');
  expect(scopeWords({ kind: 'environment', names: [], affected: 10, of: 10 })).toBe('the whole environment');
  expect(scopeKey({ kind: 'connection', names: [], affected: 3, of: 100 })).toBe('connection:3/100');
});
