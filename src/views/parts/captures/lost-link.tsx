import { ProblemBox } from '#views/parts/problem-box.tsx';
import { isCaptureId } from '#views/parts/url-state.ts';
import { OpenButton } from './open-button.tsx';

interface LostLinkProps {
  /** What the address names: an environment, or a capture that was open. */
  readonly id: string;
  /** Ids of the environments that there are. */
  readonly known: readonly string[];
}

/** A link that leads to what this page does not have: where it is, and how to see it here. */
export function LostLink({ id, known }: LostLinkProps) {
  const problem = isCaptureId(id)
    ? {
        reason: 'not-open',
        message: 'this capture is not open here. One that is opened is in the memory of its page alone, and goes with it.',
        remedy: 'Open its file again. A link to a capture works only in the page in which it is open; hand on the file with it.',
      }
    : {
        reason: 'unknown',
        message: 'the environments file has no environment of this id.',
        remedy: `Choose one of: ${known.join(', ')}. What was recorded of another one is only on the machine that recorded it: open a capture that was exported there.`,
      };
  return (
    <div className="page-problem">
      <ProblemBox place={id} problem={problem}>
        <OpenButton keeps />
      </ProblemBox>
    </div>
  );
}

/** A link to a run that this page does not know. */
export const LostRun = () => (
  <div className="lost-run">
    <p>This run is not known here: it is older than what is remembered, or it was recorded on another machine, where its data stay.</p>
    <OpenButton keeps />
  </div>
);
