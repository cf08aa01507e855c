import type { ReactNode } from 'react';
import { cellWords, groupWords, intervalMarks, metricText, scaleStart, stageNames } from '#monitor/whys/whys-drawing.ts';
import type { EvidenceGroup, HealthRow, PathGroup, WhysReport } from '#monitor/whys/whys-report.ts';
import { formatTarget, formatTargetFigure } from '#views/parts/format.ts';
import { StateWord } from '#views/parts/state-word.tsx';
import { RecordsLink } from './records-link.tsx';

export function HealthTable({ rows }: { readonly rows: readonly HealthRow[] }) {
  return (
    <section aria-label="System health">
      <h2>System health</h2>
      <Scrolled name="System health">
        <table className="report-table">
          <thead>
            <tr>
              <th scope="col">Component</th>
              <th scope="col">Status</th>
              <th scope="col">Issue</th>
              <th scope="col">Impact</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ component, status, issue, impact, link }) => (
              <tr key={component}>
                <th scope="row">{component}</th>
                <td>{status === 'not-judged' ? <span className="state is-no-data">NOT JUDGED</span> : <StateWord state={status} />}</td>
                <td className="report-quiet">
                  <RecordsLink link={link}>{issue}</RecordsLink>
                </td>
                <td className="report-quiet">{impact ?? 'none seen'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

export function PathImpact({ groups }: { readonly groups: readonly PathGroup[] }) {
  return (
    <section aria-label="Golden path impact">
      <h2>
        Golden path impact <small>runs that passed; a stage needs the one before</small>
      </h2>
      {groups.length === 0 ? (
        <p className="dim">No run was triggered by this monitor, so none can be followed along the path.</p>
      ) : (
        <Scrolled name="Golden path impact">
          <table className="report-path">
            <thead>
              <tr>
                {Object.values(stageNames).map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            {groups.map(({ name, cells, link }) => (
              <tbody key={name}>
                <tr>
                  <th colSpan={cells.length} scope="rowgroup">
                    <RecordsLink link={link}>{name}</RecordsLink>
                  </th>
                </tr>
                <tr>
                  {cells.map((cell) => {
                    const { figure, of, tone } = cellWords(cell);
                    return (
                      <td key={cell.stage} className={`is-${tone}`}>
                        <b>{figure}</b>
                        {of}
                      </td>
                    );
                  })}
                </tr>
              </tbody>
            ))}
          </table>
        </Scrolled>
      )}
    </section>
  );
}

export function EvidenceTable({ groups, slo }: { readonly groups: readonly EvidenceGroup[]; readonly slo: WhysReport['accounting']['slo'] }) {
  const start = scaleStart(groups, slo.target);
  return (
    <section aria-label="Evidence">
      <h2>
        Evidence <small>{`${slo.sli === 'events' ? 'events delivered' : 'good runs'}; interval 95\u202f% (Wilson), trials are runs; dashed line is ${formatTarget(slo.target)}`}</small>
      </h2>
      <Scrolled name="Evidence">
        <table className="report-table">
          <thead>
            <tr>
              {['Group', 'runs', 'lossy', slo.sli === 'events' ? 'events lost' : 'not good', 'delivered', 'interval'].map((name, index) => (
                <th key={name} scope="col" className={index === 0 ? '' : 'is-figure'}>
                  {name}
                </th>
              ))}
              <th scope="col">{`${formatTargetFigure(start)} to ${formatTarget(1)}`}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => {
              const words = groupWords(group);
              return (
                <tr key={group.name}>
                  <th scope="row">
                    <RecordsLink link={group.link}>{group.name}</RecordsLink>
                  </th>
                  <td className="is-figure">{words.runs}</td>
                  <td className="is-figure">{words.lossy}</td>
                  <td className="is-figure">{words.lost}</td>
                  <td className={`is-figure verdict-${group.verdict}`}>
                    <b>{words.delivered}</b>
                  </td>
                  <td className="is-figure report-quiet">{words.interval}</td>
                  <td>
                    <Interval group={group} target={slo.target} start={start} label={words.interval} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

const x = (part: number): number => 4 + part * 142;

function Interval({ group, target, start, label }: { readonly group: EvidenceGroup; readonly target: number; readonly start: number; readonly label: string }) {
  const marks = intervalMarks(group, target, start);
  if (marks === null) return null;
  return (
    <svg className={`report-interval verdict-${group.verdict}`} width="150" height="16" role="img" aria-label={label}>
      <path className="axis" d="M2 8H148" />
      <path className="tick" d={`M${x(marks.target)} 1V15`} />
      <path className="band" d={`M${x(marks.low)} 8H${x(marks.high)}`} />
      <circle cx={x(marks.value)} cy="8" r="3.6" />
    </svg>
  );
}

export function MetricsTable({ metrics }: { readonly metrics: WhysReport['metrics'] }) {
  return (
    <section aria-label="Success metrics">
      <h2>Success metrics</h2>
      <Scrolled name="Success metrics">
        <table className="report-table">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Objective</th>
              <th scope="col">Measured</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {metrics.map(({ name, objective, measured, state }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="report-quiet">{objective}</td>
                <td>{measured}</td>
                <td className={`verdict-${state}`}>
                  <b>{metricText[state]}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

/** A table that may be wider than a narrow screen. What scrolls must be reachable by keyboard. */
const Scrolled = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <div className="report-scroll" role="group" aria-label={`${name}, table`} tabIndex={0}>
    {children}
  </div>
);
