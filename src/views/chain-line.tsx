import type { Chain } from '#environment/chain.ts';
import { chainSentence } from './parts/chain-words.ts';
import { Icon } from './parts/icon.tsx';
import { changeQuery, navigate } from './parts/url-state.ts';
import { useClock } from './parts/use-clock.ts';
import './chain-line.css';

interface ChainLineProps {
  readonly chain: Chain;
  readonly nameOf: (environmentId: string) => string;
  readonly onTake: (environmentId: string) => void;
  readonly onAgain: () => void;
  /** Whether the way to the Environments view is shown. */
  readonly details: boolean;
}

/** Says under the bar why another environment is shown than the chosen one, and offers the way back. */
export function ChainLine({ chain, nameOf, onTake, onAgain, details }: ChainLineProps) {
  const sentence = chainSentence(chain, nameOf);
  const [preferred] = chain.steps;
  if (sentence === undefined || preferred === undefined) return null;
  const asking = chain.steps.find(({ state, id }) => state === 'needs-consent' && id !== chain.current);
  return (
    <div className="chain-line">
      <Icon name="servers" />
      <p role="status">{sentence}</p>
      {preferred.state === 'offered' && (
        <button type="button" className="control primary" onClick={() => onTake(preferred.id)}>
          Back to {nameOf(preferred.id)}
        </button>
      )}
      {preferred.state !== 'offered' && chain.inUse !== null && preferred.offerAt !== null && <Countdown name={nameOf(preferred.id)} until={preferred.offerAt} />}
      {asking !== undefined && (
        <button type="button" className="control primary" onClick={() => onTake(asking.id)}>
          Use {nameOf(asking.id)} instead
        </button>
      )}
      {chain.current === null && (
        <button type="button" className="control" onClick={onAgain}>
          Try the chain again
        </button>
      )}
      {details && (
        <a
          className="chain-details"
          href={changeQuery(window.location.search, { view: 'environments' })}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            navigate({ view: 'environments' });
          }}
        >
          Details
        </a>
      )}
    </div>
  );
}

/** Beside the sentence, not in it: a screen reader is not told each second. */
function Countdown({ name, until }: { readonly name: string; readonly until: number }) {
  const now = useClock(1000, 'running');
  return <span className="dim">{`${name} is healthy again, offered in ${Math.max(0, Math.ceil((until - now) / 1000))} s`}</span>;
}
