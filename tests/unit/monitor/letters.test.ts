import { describe, expect, test } from 'vitest';
import { letterAt, letteredTypes, letterOf, spell } from '#monitor/letters.ts';

test('every type of the design has its letter, any other a question mark', () => {
  const types = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed', 'agent_error', 'final_report', '__proto__'];
  expect(types.map(letterOf).join('')).toBe('STERCX??');
});

test('the letters by place are those of the types in that place', () => {
  expect([...letteredTypes.keys()].map(letterAt)).toEqual(letteredTypes.map(letterOf));
  expect([letteredTypes.length, 4095].map(letterAt)).toEqual(['?', '?']);
});

describe('a run in letters', () => {
  test.each([
    ['good', 'STERC', [], 'STERC'],
    ['lossy: what lacks leaves a dot in its place', 'STEC', ['tool_completed'], 'STE·C'],
    ['stopped in mid-run', 'STE', ['agent_completed', 'tool_completed'], 'STE··'],
    ['without both ends', 'TER', ['agent_completed', 'agent_started'], '·TER·'],
    ['without its start', 'TERC', ['agent_started'], '·TERC'],
    ['without anything', '', ['agent_completed', 'agent_started', 'agent_thinking', 'tool_completed', 'tool_executing'], '·····'],
    ['nothing expected, nothing come', '', [], ''],
    ['without its tools', 'STC', ['tool_completed', 'tool_executing'], 'ST··C'],
    ['nested tools', 'STEERRC', [], 'STEERRC'],
    ['nested tools, one answer lost', 'STEERC', ['tool_completed'], 'STEER·C'],
    ['nested tools, both answers lost', 'STEEC', ['tool_completed', 'tool_completed'], 'STEE··C'],
    ['tools one after the other, the second answer lost', 'STERTEC', ['tool_completed'], 'STERTE·C'],
    ['a duplicate: its letter again', 'STTERC', [], 'STTERC'],
    ['failed', 'STX', ['agent_completed'], 'ST·X'],
    ['another required type stands at the end', 'STERC', ['final_report'], 'STERC·'],
    ['other types in between', 'S?TE?C', ['tool_completed'], 'S?TE·?C'],
  ] as const)('%s', (_, came, missing, spelt) => {
    expect(spell(came, missing)).toBe(spelt);
  });
});
