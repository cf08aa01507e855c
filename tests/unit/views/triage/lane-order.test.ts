import { expect, test } from 'vitest';
import type { LaneReport } from '#monitor/incident/incident-report.ts';
import { arrangeLanes, laneOrderOf } from '#views/triage/lane-order.ts';

const ids = ['s#0', 's#1', 's#2', 's#3'];
const lane = (connection: string, bad: boolean): LaneReport => ({ connection, lane: 0, judged: 9, lossy: bad ? 9 : 0, lost: 0, bad, since: null, words: [] });
const reports = [lane('s#3', true), lane('s#1', true), lane('s#0', false)];

test('folded, the bad ones alone are shown, in the order of the pool and not of the report', () => {
  expect(arrangeLanes(ids, reports, 'folded')).toEqual({ shown: ['s#1', 's#3'], folded: ['s#0', 's#2'], bad: 2 });
});

test('unfolded, the bad ones come first; by number, none moves', () => {
  expect(arrangeLanes(ids, reports, 'all').shown).toEqual(['s#1', 's#3', 's#0', 's#2']);
  expect(arrangeLanes(ids, reports, 'number').shown).toEqual(ids);
});

test('where nothing is known all are folded', () => {
  expect(arrangeLanes(ids, [], 'folded')).toEqual({ shown: [], folded: ids, bad: 0 });
});

test('the address says the order, and what it says of other views is none', () => {
  expect(['all', 'number', 'runs', undefined].map(laneOrderOf)).toEqual(['all', 'number', 'folded', 'folded']);
});
