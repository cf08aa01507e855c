import type { RunBeside } from '#monitor/snapshot.ts';
import { eventStyle, glyphPaths, glyphStrokes } from '#views/parts/event-style.ts';
import { localTime } from '#views/parts/format.ts';
import { shortConnection } from '#views/parts/run-words.ts';
import { besideAxis, besideBar, besideWords, type BesideBar, type BesideMark } from './beside-layout.ts';
import './run-beside.css';

const width = 364;
const left = 86;
const right = 354;
const rows = [14.5, 44.5] as const;
/** More marks in a row would only hide each other. */
const mostMarks = 80;

interface RunBesideProps {
  readonly lastGood: RunBeside | null;
  readonly shown: RunBeside;
  readonly onCompare: () => void;
}

/** A run beside the last good one of its connection, both from the trigger; the comparison has the same as a table. */
export function BesideLastGood({ lastGood, shown, onCompare }: RunBesideProps) {
  return (
    <section className="side-section">
      <h3>
        Beside the last good run <span>{`on ${shortConnection(shown.run.connection)}, from the trigger`}</span>
        <button type="button" className="end beside-compare" title="Compare with the last good run (c)" onClick={onCompare} disabled={lastGood === null}>
          <span className="visually-hidden">Compare with the last good run</span>
          <kbd aria-hidden="true">c</kbd>
        </button>
      </h3>
      {lastGood === null ? <p className="dim">No good run of this connection is known from before it.</p> : <Bars lastGood={lastGood} shown={shown} />}
      {lastGood !== null && lastGood.events.length === 0 && <p className="dim">The events of the last good run are no longer stored.</p>}
    </section>
  );
}

function Bars({ lastGood, shown }: { readonly lastGood: RunBeside; readonly shown: RunBeside }) {
  const [good, own] = [besideBar(lastGood), besideBar(shown)];
  const { endMs, ticks } = besideAxis(Math.max(good.endMs, own.endMs));
  const x = (ms: number): number => left + (Math.min(endMs, Math.max(0, ms)) / endMs) * (right - left);
  return (
    <svg className="run-beside" width={width} height="74" viewBox={`0 0 ${width} 74`} role="img" aria-label={`Last good run ${besideWords(lastGood.run, good)}. This run ${besideWords(shown.run, own)}.`}>
      {ticks.map((tick, index) => (
        <g key={tick}>
          <path className="beside-tick" d={`M${x(tick)} 4V58`} />
          <text className="axis-text" x={x(tick)} y="71" textAnchor={index === ticks.length - 1 ? 'end' : 'middle'}>
            {`${Number((tick / 1000).toFixed(1))} s`}
          </text>
        </g>
      ))}
      <Row bar={good} run={lastGood} y={rows[0]} name="last good" x={x} />
      <Row bar={own} run={shown} y={rows[1]} name="this run" x={x} />
    </svg>
  );
}

function Row({ bar, run: { run }, y, name, x }: { readonly bar: BesideBar; readonly run: RunBeside; readonly y: number; readonly name: string; readonly x: (ms: number) => number }) {
  return (
    <g>
      <text className="beside-name" x="0" y={y - 1.5}>
        {name}
      </text>
      <text className="axis-text" x="0" y={y + 11.5}>
        {localTime.time(run.openedAt)}
      </text>
      <rect className={`beside-bar is-${run.status}`} x={x(0)} y={y - 8.5} width={Math.max(2, x(bar.endMs) - x(0))} height="17" rx="4" />
      {bar.marks.slice(0, mostMarks).map((mark, index) => (
        // Marks of a run stand in the order in which they came.
        // oxlint-disable-next-line react/no-array-index-key
        <Mark key={index} mark={mark} x={x(mark.afterMs)} y={y} />
      ))}
    </g>
  );
}

function Mark({ mark: { type, missing }, x, y }: { readonly mark: BesideMark; readonly x: number; readonly y: number }) {
  const { shape, colour } = eventStyle(type);
  const stroke = glyphStrokes[shape];
  const paint = `var(${colour})`;
  return (
    <path
      className={missing ? 'glyph-missing' : undefined}
      d={glyphPaths[shape]}
      transform={`translate(${x.toFixed(1)} ${y}) scale(0.95)`}
      {...(missing ? {} : stroke === undefined ? { fill: paint } : { fill: 'none', stroke: paint, strokeWidth: stroke })}
    />
  );
}
