import { useId, useState, type FormEvent } from 'react';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import type { TrialAnswer, TrialCell } from '#monitor/trials.ts';
import { formatCount, localTime } from '#views/parts/format.ts';
import { Panel } from '#views/parts/panel.tsx';
import { ProblemBox } from '#views/parts/problem-box.tsx';
import { answerSentence, carriageNames, combinationName, keyOf, readCell, summaryOf, transportNames, type CellState, type CellTone } from './auth-matrix-words.ts';
import { useTrials, type TrialRound } from './use-trials.ts';
import './auth-matrix.css';

interface AuthMatrixProps {
  readonly environment: EnvironmentSnapshot;
}

/** Every transport with every way to carry the token: which work, which is in use, and how the others fail. Tried when somebody asks for it. */
export function AuthMatrix({ environment }: AuthMatrixProps) {
  return <Matrix key={environment.id} environment={environment} />;
}

function Matrix({ environment }: AuthMatrixProps) {
  const { cells, round, start, cancel } = useTrials(environment.id);
  const [asksValues, setAsksValues] = useState(false);
  const running = round?.trying !== undefined;
  // Of a watched environment the monitor has the values.
  const needs = environment.phase === 'idle' ? environment.needs : [];
  const begin = (): void => (needs.length === 0 ? start() : setAsksValues(true));
  const possible = cells?.filter(({ impossible }) => impossible === null) ?? [];
  return (
    <Panel
      className="matrix-panel"
      title={`Transport and sign-in on ${environment.name}`}
      caption={`first step to welcome, as connection ${environment.phase === 'idle' ? 0 : formatCount(environment.wanted)}`}
      mock={environment.kind === 'mock'}
      end={
        <>
          <span className="matrix-progress" aria-live="polite">
            {running && `trying ${formatCount(round.answers.size + 1)} of ${formatCount(possible.length)}`}
          </span>
          {running ? (
            <button type="button" className="control" onClick={cancel}>
              Cancel
            </button>
          ) : (
            <button type="button" className="control primary" disabled={possible.length === 0} onClick={begin}>
              {round === undefined ? 'Try all' : 'Try again'}
            </button>
          )}
        </>
      }
    >
      <div className="matrix-inside">
        {asksValues && needs.length > 0 && (
          <TrialValues
            names={needs}
            onClose={() => setAsksValues(false)}
            onGive={(values) => {
              setAsksValues(false);
              start(values);
            }}
          />
        )}
        {round?.problem !== undefined && <ProblemBox place={environment.name} problem={round.problem} />}
        {cells !== undefined && <MatrixTable cells={cells} round={round} hasSignIn={environment.signIn !== 'none'} name={environment.name} />}
        {cells !== undefined && round !== undefined && <Summary cells={cells} round={round} />}
      </div>
    </Panel>
  );
}

/** Rows and columns in the order in which their cells come. */
const partsOf = <Part extends 'transport' | 'carriage'>(cells: readonly TrialCell[], part: Part): TrialCell['combination'][Part][] => [...new Set(cells.map(({ combination }) => combination[part]))];

function MatrixTable({ cells, round, hasSignIn, name }: { readonly cells: readonly TrialCell[]; readonly round: TrialRound | undefined; readonly hasSignIn: boolean; readonly name: string }) {
  const carriages = partsOf(cells, 'carriage');
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="matrix-scroller" role="region" aria-label="Transports and ways to sign in" tabIndex={0}>
      <table className="matrix">
        <caption className="visually-hidden">{`Which transports and which ways to carry the token work on ${name}`}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Transport</span>
            </th>
            {carriages.map((carriage) => (
              <th key={carriage} scope="col">
                {carriageNames[carriage]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {partsOf(cells, 'transport').map((transport) => {
            const [title, note] = transportNames[transport];
            return (
              <tr key={transport}>
                <th scope="row">
                  {title} <small>{note}</small>
                </th>
                {cells
                  .filter(({ combination }) => combination.transport === transport)
                  .map((cell) => (
                    <Cell key={keyOf(cell.combination)} cell={cell} state={stateOf(cell, round)} hasSignIn={hasSignIn} />
                  ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function stateOf({ combination }: TrialCell, round: TrialRound | undefined): CellState {
  const key = keyOf(combination);
  return round?.answers.get(key) ?? (round?.trying === undefined ? 'untried' : round.trying === key ? 'trying' : 'waiting');
}

function Cell({ cell, state, hasSignIn }: { readonly cell: TrialCell; readonly state: CellState; readonly hasSignIn: boolean }) {
  const { tone, word, detail } = readCell(cell, state, hasSignIn);
  return (
    <td className={`cell-${tone}${cell.inUse ? ' cell-in-use' : ''}`} {...(typeof state !== 'string' && { title: answerSentence(state) })}>
      <b>
        <CellShape tone={tone} />
        {word}
      </b>
      {cell.inUse && word !== 'in use' && <small>in use</small>}
      {detail !== '' && <small>{detail}</small>}
    </td>
  );
}

function CellShape({ tone }: { readonly tone: CellTone }) {
  const path = shapes[tone];
  if (path === undefined) return null;
  return (
    <svg className="cell-shape" width="14" height="14" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

/** A check, a cross, an octagon, a triangle, a dashed square and a dotted line: they are told apart without colour. */
const shapes: Readonly<Partial<Record<CellTone, string>>> = {
  works: 'm5 12.5 4.5 4.5L19 7.5',
  refused: 'm6 6 12 12M18 6 6 18',
  broken: 'M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8ZM8.5 8.5l7 7M15.5 8.5l-7 7',
  unlocked: 'M12 3 22 20.5H2ZM12 9.5v5M12 17.4v.2',
  unknown: 'M4 4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M4 9V4M8.5 12h7',
  trying: 'M5 12h.01M12 12h.01M19 12h.01',
};

function Summary({ cells, round }: { readonly cells: readonly TrialCell[]; readonly round: TrialRound }) {
  const { answers, trying, from, to, cancelled } = round;
  const over = trying === undefined;
  const tried = cells.flatMap(({ combination }) => {
    const answer = answers.get(keyOf(combination));
    return answer === undefined ? [] : [{ combination, answer }];
  });
  if (tried.length === 0) return null;
  return (
    <>
      <p className="matrix-summary">
        {over && !cancelled && `${summaryOf(cells, answers).join(' ')} `}
        {over && <span>{`${cancelled ? 'Cancelled; tried' : 'Tried'} ${localTime.time(from)} to ${localTime.time(to)}, no run was triggered.`}</span>}
      </p>
      <Answers tried={tried} />
    </>
  );
}

/** Each answer in words, for those who look for the cause. */
function Answers({ tried }: { readonly tried: readonly { readonly combination: TrialCell['combination']; readonly answer: TrialAnswer }[] }) {
  const heading = useId();
  return (
    <details className="matrix-answers">
      <summary id={heading}>Every answer in words</summary>
      <table aria-labelledby={heading}>
        <thead>
          <tr>
            <th scope="col">Combination</th>
            <th scope="col">Code</th>
            <th scope="col">Words of the target</th>
            <th scope="col">What it means</th>
          </tr>
        </thead>
        <tbody>
          {tried.map(({ combination, answer }) => (
            <tr key={keyOf(combination)}>
              <th scope="row">{combinationName(combination)}</th>
              <td className="mono">{answer.kind === 'failed' ? (answer.code ?? answer.status ?? '–') : '–'}</td>
              <td className="mono">{answer.kind === 'failed' ? (answer.words ?? '–') : '–'}</td>
              <td>{answerSentence(answer)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

interface TrialValuesProps {
  readonly names: readonly string[];
  readonly onGive: (values: Readonly<Record<string, string>>) => void;
  readonly onClose: () => void;
}

/** The values that the file of an unwatched environment leaves open. They go with the trials, and are kept nowhere. */
function TrialValues({ names, onGive, onClose }: TrialValuesProps) {
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const complete = names.every((name) => (values.get(name) ?? '') !== '');
  const give = (event: FormEvent): void => {
    event.preventDefault();
    if (complete) onGive(Object.fromEntries(names.map((name) => [name, values.get(name) ?? ''])));
  };
  return (
    <form className="trial-values" onSubmit={give} autoComplete="off">
      {names.map((name) => (
        <label key={name}>
          <span className="mono">{`\${${name}}`}</span>
          <input type="password" name={name} autoComplete="off" spellCheck={false} value={values.get(name) ?? ''} onChange={(event) => setValues(new Map(values).set(name, event.target.value))} />
        </label>
      ))}
      <button type="submit" className="control primary" disabled={!complete}>
        Try with {names.length === 1 ? 'it' : 'them'}
      </button>
      <button type="button" className="control" onClick={onClose}>
        Not now
      </button>
      <p className="dim">Kept for these trials only.</p>
    </form>
  );
}
