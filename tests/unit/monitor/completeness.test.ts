import { describe, expect, test } from 'vitest';
import { capturedContractSchema, type ContractInput } from '#environment/schema.ts';
import { completenessOf } from '#monitor/completeness.ts';
import type { CompletenessRow } from '#monitor/snapshot.ts';
import { clopperPearson, wilson } from '#slo/interval.ts';
import { draw, fold } from '../../fixtures/drawing.ts';
import { tallyOf } from '../../fixtures/tally-of.ts';

const defaults = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];

function rows(drawing: string, contract?: ContractInput, fields?: (at: { run: string; nth: number }) => Record<string, unknown>): CompletenessRow[] {
  const engine = fold(draw(drawing, { ...(contract === undefined ? {} : { contract }), ...(fields === undefined ? {} : { fields }) }));
  return completenessOf(tallyOf(engine.tracker.runs()).byType, capturedContractSchema.parse(contract ?? {}), 0.5);
}

describe('completeness by type', () => {
  test('has a row for each type of the contract, in its order, before anything was counted', () => {
    const none = rows('u0: -');
    expect(none.map((row) => row.type)).toEqual(defaults);
    expect(none[0]).toEqual({ type: 'agent_started', expected: 0, delivered: 0, trials: 0, ratio: null, interval: [0, 1], exact: [0, 1], verdict: 'no-data' });
  });

  test('counts delivered of expected over complete and incomplete runs alone', () => {
    const counted = rows(`
      u0: >STERC
      u1: >STEC
      u2: >STX
      u3: >STEo
    `);
    expect(counted.map(({ type, expected, delivered, trials }) => [type, expected, delivered, trials])).toEqual([
      ['agent_started', 2, 2, 2],
      ['agent_thinking', 2, 2, 2],
      ['tool_executing', 2, 2, 2],
      ['tool_completed', 2, 1, 2],
      ['agent_completed', 2, 2, 2],
    ]);
  });

  test('takes runs as its trials, however many tools they called', () => {
    const row = rows('u0: >STEREREREC\nu1: >STERC').find(({ type }) => type === 'tool_completed');
    expect(row).toMatchObject({ expected: 5, delivered: 4, trials: 2, ratio: 0.8, interval: wilson(0.8 * 2, 2), exact: clopperPearson(0.8 * 2, 2) });
  });

  test('keeps a run one trial where its type stands in two pairs', () => {
    const contract = { requiredEvents: ['agent_started'], pairs: [['tool_executing', 'tool_completed'], ['tool_executing', 'agent_thinking']] as [string, string][] };
    const row = rows('u0: >SETRC\nu1: >SETRC\nu2: >SERC', contract).find(({ type }) => type === 'tool_executing');
    expect(row).toMatchObject({ expected: 6, delivered: 6, trials: 3, ratio: 1 });
  });

  test('lists pairs that nobody requires after the contract, once they came', () => {
    const contract = { requiredEvents: ['agent_started', 'agent_completed'] };
    expect(rows('u0: >SC', contract).map((row) => row.type)).toEqual(['agent_started', 'agent_completed']);
    expect(rows('u0: >SEC', contract).map(({ type, expected, delivered }) => [type, expected, delivered])).toEqual([
      ['agent_started', 1, 1],
      ['agent_completed', 1, 1],
      ['tool_executing', 1, 1],
      ['tool_completed', 1, 0],
    ]);
  });

  test('keeps to the order of the contract, whichever pair came first', () => {
    const contract = { requiredEvents: ['agent_started'], pairs: [['tool_executing', 'tool_completed'], ['agent_thinking', 'agent_completed']] as [string, string][] };
    const order = ['agent_started', 'tool_executing', 'tool_completed', 'agent_thinking', 'agent_completed'];
    expect(rows('u0: >STC\nu1: ---->SER', contract).map((row) => row.type)).toEqual(order);
    expect(rows('u0: >SER\nu1: ---->STC', contract).map((row) => row.type)).toEqual(order);
  });

  test('is met, missed or unproven by the exact interval', () => {
    const lines = (count: number, run: string) => Array.from({ length: count }, (_, n) => `u${n}: ${run}`).join('\n');
    const verdicts = (drawing: string) => rows(drawing).map((row) => row.verdict);
    expect(verdicts(lines(5, '>STERC'))).toEqual(['unproven', 'unproven', 'unproven', 'unproven', 'unproven']);
    expect(verdicts(lines(6, '>STEC'))).toEqual(['met', 'met', 'met', 'missed', 'met']);
  });
});
