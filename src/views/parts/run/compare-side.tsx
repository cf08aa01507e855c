import type { ComparedAsk } from '#monitor/comparison/comparison-report.ts';
import { Icon } from '#views/parts/icon.tsx';
import { isCaptureId } from '#views/parts/url-state.ts';
import { formatSide } from './comparison-address.ts';
import { sideWords } from './comparison-words.ts';

/** Something that can be compared, and how it is called. */
export interface SideChoice {
  readonly words: string;
  readonly side: ComparedAsk;
}

interface CompareSideProps {
  readonly letter: 'A' | 'B';
  readonly side: ComparedAsk;
  readonly choices: readonly SideChoice[];
  /** Environments that are watched or were, and captures that are opened. */
  readonly places: readonly { readonly id: string; readonly name: string }[];
  readonly onChoose: (side: ComparedAsk) => void;
}

/** Which of the two sides it is, of which environment, and what of it. */
export function CompareSide({ letter, side, choices, places, onChoose }: CompareSideProps) {
  const chosen = formatSide(side);
  const isListed = choices.some((choice) => formatSide(choice.side) === chosen);
  return (
    <fieldset className="compare-side">
      <legend>{letter}</legend>
      <span className="control picker">
        <select aria-label={`Environment of ${letter}`} value={side.environmentId} onChange={(event) => onChoose(inPlace(side, event.target.value))}>
          {places.every(({ id }) => id !== side.environmentId) && <option value={side.environmentId}>{side.environmentId}</option>}
          {places.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <Icon name="down" size={14} />
      </span>
      <span className="control picker">
        <select
          aria-label={`What of ${letter}`}
          value={chosen}
          onChange={(event) => {
            const next = choices.find((choice) => formatSide(choice.side) === event.target.value);
            if (next !== undefined) onChoose(next.side);
          }}
        >
          {!isListed && <option value={chosen}>{sideWords(side)}</option>}
          {choices.map(({ words, side: each }) => (
            <option key={formatSide(each)} value={formatSide(each)}>
              {words}
            </option>
          ))}
        </select>
        <Icon name="down" size={14} />
      </span>
    </fieldset>
  );
}

/** The same stretch of another environment; of a capture, whose times are its own, and in the place of a run, all of it. */
function inPlace(side: ComparedAsk, environmentId: string): ComparedAsk {
  if ('run' in side || 'lastGoodBefore' in side || isCaptureId(environmentId)) return { environmentId, from: undefined, to: undefined };
  return { ...side, environmentId };
}
