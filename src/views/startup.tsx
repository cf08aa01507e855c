import type { ReactNode } from 'react';
import { formatCount } from './parts/format.ts';
import { ProblemBox } from './parts/problem-box.tsx';
import { StateShape } from './parts/state-word.tsx';
import { Brand } from './rail.tsx';
import { useTheme } from './use-theme.ts';
import './startup.css';

/** What the page shows as long as there is no monitor: nothing is half-started. */
export type Startup =
  | { readonly phase: 'reading' }
  /** The environments file could not be fetched. */
  | { readonly phase: 'unreachable'; readonly place: string; readonly cause: string }
  /** It could be fetched, and is wrong. */
  | { readonly phase: 'faulty'; readonly place: string; readonly faults: readonly { readonly path: string; readonly found: string; readonly expected: string }[] };

interface StartupPageProps {
  readonly startup: Startup;
  readonly onAgain: () => void;
}

export function StartupPage({ startup, onAgain }: StartupPageProps) {
  useTheme();
  return (
    <main className="startup">
      <title>Runwatch</title>
      <div className="startup-brand">
        <Brand /> <h1>Runwatch</h1>
      </div>
      <Phase startup={startup}>
        <button type="button" className="control" onClick={onAgain}>
          Read it again
        </button>
      </Phase>
    </main>
  );
}

function Phase({ startup, children }: { readonly startup: Startup; readonly children: ReactNode }) {
  switch (startup.phase) {
    case 'reading':
      return <p className="dim">Reading the environments file …</p>;
    case 'unreachable':
      return (
        <ProblemBox
          place={startup.place}
          problem={{ reason: 'unreadable', message: startup.cause, remedy: 'Put an environments file beside the page (environments.json), then read it again. No environment was started.' }}
        >
          {children}
        </ProblemBox>
      );
    case 'faulty':
      return (
        <section className="panel fault-panel" aria-labelledby="faults">
          <div className="fault-head" role="alert">
            <StateShape state="breached" size={20} />
            <div className="grow">
              <h2 id="faults">{`${formatCount(startup.faults.length)} ${startup.faults.length === 1 ? 'fault' : 'faults'} in ${startup.place}, so no environment was started.`}</h2>
              <p>Correct the file, save it, and read it again.</p>
            </div>
            {children}
          </div>
          <table>
            <thead>
              <tr>
                <th scope="col">Path</th>
                <th scope="col">Found</th>
                <th scope="col">Expected</th>
              </tr>
            </thead>
            <tbody>
              {startup.faults.map((fault) => (
                <tr key={`${fault.path} ${fault.expected}`}>
                  <th scope="row" className="mono">
                    {fault.path}
                  </th>
                  <td className="mono fault-found">{fault.found}</td>
                  <td>{fault.expected}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      );
  }
}
