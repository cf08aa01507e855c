import type { Run } from '#runs/run.ts';
import { goldenPathOf } from '#runs/golden-path.ts';
import { timeOfDay } from '#monitor/figures.ts';
import type { Incident, IncidentStage } from '#monitor/incident/incident-report.ts';
import { sloReport } from '#monitor/report.ts';
import { addShare, emptySums, shareOf } from '#monitor/run-totals.ts';
import type { WhysCase } from './whys-case.ts';
import { affectedLink, linkTo, scopeTerms } from './whys-filter.ts';
import type { EvidenceGroup, EvidenceLink, PathCell, PathGroup } from './whys-report.ts';
import { listed, place, plain, several } from './whys-words.ts';

/** How many connections there are. */
export const connectionCount = ({ history, recording }: WhysCase): number => Math.max(recording.lanes.length, history.connections.length);

/** Those whom an incident strikes, by name: `#17, #42 and #88`, `user u3`. */
export function struck({ scope: { kind, names, affected } }: Incident, all: number): string {
  if (kind === 'connection') return listed(names.map(place), affected);
  if (kind === 'user') return `${affected === 1 ? 'user' : 'users'} ${listed(names.map((name) => plain(name)), affected)}`;
  return all === 1 ? 'The connection' : `All ${several(all, 'connection')}`;
}

interface NamedGroup {
  readonly name: string;
  readonly runs: readonly Run[];
  readonly link: EvidenceLink;
  /** Whether the group adds to the golden path what the others do not show. */
  readonly onPath: boolean;
}

/** The groups that are told apart, the whole first. */
function namedGroups(told: WhysCase): NamedGroup[] {
  const { groups, incident, from, to } = told;
  const connections = connectionCount(told);
  const whole = { name: connections === 1 ? 'The connection' : `All ${several(connections, 'connection')}`, runs: groups.all, link: linkTo(from, to) };
  const isAll = groups.others === null && groups.before?.length === 0;
  // Where all are struck from the first run on, there is nothing to tell them apart from.
  if (incident === undefined || groups.affected === null || groups.before === null || isAll) return [{ ...whole, onPath: true }];
  const who = struck(incident, connections);
  const since = timeOfDay(incident.onsetAt);
  const found: NamedGroup[] = [
    { ...whole, onPath: false },
    { name: `${who} since ${since}`, runs: groups.affected, link: affectedLink(told), onPath: true },
  ];
  if (groups.before.length > 0) found.push({ name: groups.others === null ? `All before ${since}` : 'The same before', runs: groups.before, link: linkTo(from, incident.onsetAt, ...scopeTerms(incident)), onPath: groups.others === null });
  if (groups.others !== null) found.push({ name: othersName(incident, connections), runs: groups.others, link: linkTo(from, to), onPath: true });
  return found;
}

function othersName({ scope: { kind, affected, of } }: Incident, connections: number): string {
  const others = Math.max(0, (kind === 'connection' ? connections : of) - affected);
  return kind === 'connection' ? (others === 1 ? 'The other one' : `The other ${several(others, 'connection')}`) : `All other ${kind}s`;
}

/** What was delivered to each group. */
export const evidenceGroups = (told: WhysCase): EvidenceGroup[] => namedGroups(told).map((group) => evidenceOf(told, group));

function evidenceOf({ recording }: WhysCase, { name, runs, link }: NamedGroup): EvidenceGroup {
  const slo = deliveryOf(runs, recording.engine.slo);
  return {
    name,
    runs: slo.trials,
    lossy: runs.filter((run) => run.status === 'incomplete').length,
    lost: slo.valid - slo.good,
    expected: slo.valid,
    delivered: slo.ratio,
    interval: slo.ratio === null ? null : slo.interval,
    verdict: slo.verdict,
    link,
  };
}

/** What runs say of the promise. */
export function deliveryOf(runs: Iterable<Run>, slo: WhysCase['recording']['engine']['slo']): ReturnType<typeof sloReport> {
  const sums = emptySums();
  for (const run of runs) addShare(sums, shareOf(run), 1);
  return sloReport(sums, slo);
}

const stages: readonly IncidentStage[] = ['login', 'connection', 'agent', 'stream', 'response'];

/** How far the triggered runs of those who are struck came, beside the others; empty where this monitor triggers none. */
export function pathGroups(told: WhysCase): PathGroup[] {
  const groups = namedGroups(told).filter(({ onPath }) => onPath);
  return groups.map(({ name, runs, link }) => pathOf(told, name, runs, link)).filter((group) => group.runs > 0 || group.cells.some(({ failed }) => failed > 0));
}

function pathOf(told: WhysCase, name: string, runs: readonly Run[], link: EvidenceLink): PathGroup {
  const triggered = runs.filter((run) => run.triggered);
  const cells = new Map(stages.map((stage) => [stage, { passed: 0, failed: 0, blocked: 0, inconclusive: 0 }]));
  const add = (stage: IncidentStage, outcome: keyof Omit<PathCell, 'stage'>): void => {
    const cell = cells.get(stage);
    if (cell !== undefined) cell[outcome] += 1;
  };
  for (const run of triggered) {
    // A run that was triggered had a connection that stood.
    add('login', 'passed');
    add('connection', 'passed');
    for (const { stage, outcome } of goldenPathOf(run, told.contract.last)) if (outcome !== 'pending') add(stage, outcome);
  }
  if (runs === told.groups.all || told.groups.others === null) {
    for (const stopped of stoppedConnections(told)) stages.forEach((stage, index) => add(stage, index < stopped ? 'passed' : index === stopped ? 'failed' : 'blocked'));
  }
  return { name, runs: triggered.length, cells: Array.from(cells, ([stage, cell]) => ({ stage, ...cell })), link };
}

/** Of the connections that never served a run, the place of the stage at which each was last stopped. */
function stoppedConnections({ groups, history }: WhysCase): number[] {
  const served = new Set(groups.all.map((run) => run.connection.id));
  const newest = new Map(history.stages.map((stage) => [stage.connection, stage]));
  return [...newest.values()].filter(({ connection, passed }) => !passed && !served.has(connection)).map(({ stage }) => (stage === 'login' ? 0 : 1));
}
