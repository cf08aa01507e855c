import type { ReactNode } from 'react';
import type { Problem } from '#monitor/snapshot.ts';
import { StateShape } from './state-word.tsx';
import './problem-box.css';

interface ProblemBoxProps {
  readonly problem: Problem;
  /** Where it happened: an environment, or how many of its connections. */
  readonly place: string;
  /** What can be done here at once. */
  readonly children?: ReactNode;
}

/** What went wrong: the place, the cause, and what to do about it. */
export function ProblemBox({ problem, place, children }: ProblemBoxProps) {
  return (
    <div className="problem-box" role="alert">
      <StateShape state="breached" size={18} />
      <div className="problem-words">
        <p>
          <b>{place}:</b> {problem.message} <span className="chip mono">{problem.reason}</span>
        </p>
        <p className="remedy">{problem.remedy}</p>
      </div>
      {children}
    </div>
  );
}
