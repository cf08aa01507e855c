import type { ReactNode } from 'react';
import type { DiagnosisSnapshot, Problem } from '#monitor/snapshot.ts';
import { StateShape } from '#views/parts/state-word.tsx';

interface DiagnosisBoxProps {
  readonly diagnosis: DiagnosisSnapshot;
  /** The environment. */
  readonly place: string;
  /** What its connections themselves say, each with how many of them; none where only runs are at fault. */
  readonly problems: readonly { readonly problem: Problem; readonly place: string }[];
  /** What can be done here at once. */
  readonly children?: ReactNode;
}

/** What is wrong: in the words of the connections, and then whose fault it is, why, what to try, and what it is not. */
export function DiagnosisBox({ diagnosis, place, problems, children }: DiagnosisBoxProps) {
  const { layer, cause, also, sentence, remedy, ruledOut } = diagnosis;
  return (
    <div className="problem-box" role="alert">
      <StateShape state="breached" size={18} />
      <div className="problem-words">
        {problems.map((each) => (
          <p key={each.problem.reason}>
            <b>{each.place}:</b> {each.problem.message} <span className="chip mono">{each.problem.reason}</span>
          </p>
        ))}
        <p>
          {problems.length === 0 && (
            <>
              <b>{place}:</b>{' '}
            </>
          )}
          <b>Layer {layer}.</b> {sentence} <span className="chip mono">{also === null ? cause : `${cause} or ${also}`}</span>
        </p>
        <p className="remedy">
          {remedy}
          {ruledOut.length > 0 && ` Ruled out: ${ruledOut.join(', ')}.`}
        </p>
      </div>
      {children}
    </div>
  );
}
