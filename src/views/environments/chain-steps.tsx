import { Fragment } from 'react';
import type { Chain } from '#environment/chain.ts';
import type { ChainStep } from '#environment/chain-step.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { wordsOf } from '#views/parts/chain-words.ts';
import { Icon } from '#views/parts/icon.tsx';
import { MockChip } from '#views/parts/mock-chip.tsx';
import { StateShape } from '#views/parts/state-word.tsx';
import { useClock } from '#views/parts/use-clock.ts';
import { factsOf } from './chain-facts.ts';
import './chain-steps.css';

interface ChainStepsProps {
  readonly chain: Chain;
  readonly environments: readonly EnvironmentSnapshot[];
  readonly onTake: (environmentId: string) => void;
}

/** The fallback chain as a row of cards: what was tried, what came of it, and what comes next. */
export function ChainSteps({ chain, environments, onTake }: ChainStepsProps) {
  const known = new Map(environments.map((environment) => [environment.id, environment]));
  const nameOf = (id: string): string => known.get(id)?.name ?? id;
  return (
    <section aria-label="Fallback chain">
      <ol className="chain-steps">
        {chain.steps.map((step, index) => {
          const environment = known.get(step.id);
          if (environment === undefined) return null;
          return (
            <Fragment key={step.id}>
              {index > 0 && (
                <li className="chain-arrow" aria-hidden="true">
                  <Icon name="next" size={22} />
                  <span>{chain.steps[index - 1]?.state === 'refused' ? 'falls to' : 'then'}</span>
                </li>
              )}
              <Card number={index + 1} step={step} environment={environment} chain={chain} nameOf={nameOf} onTake={onTake} />
            </Fragment>
          );
        })}
      </ol>
    </section>
  );
}

interface CardProps extends Pick<ChainStepsProps, 'chain' | 'onTake'> {
  readonly number: number;
  readonly step: ChainStep;
  readonly environment: EnvironmentSnapshot;
  readonly nameOf: (id: string) => string;
}

const signIns = { none: 'no sign-in', token: 'token', login: 'login' } as const;

function Card({ number, step, environment, chain, nameOf, onTake }: CardProps) {
  const now = useClock(1000, 'running');
  const { word, shape } = wordsOf(step);
  const action = actionOf(step, environment, chain);
  return (
    <li className="panel chain-step" data-state={step.state}>
      <div className="chain-step-head">
        <span className="chain-step-number">{number}</span>
        <h2>{environment.name}</h2>
        {environment.kind === 'mock' && <MockChip />}
        <span className="chain-step-way">{`${environment.transport}, ${signIns[environment.signIn]}`}</span>
      </div>
      <p className={`chain-step-result is-${shape}`}>
        <StateShape state={shape} size={20} reach={0.4} />
        {word}
      </p>
      <dl>
        {factsOf(step, environment, chain, nameOf, now).map(([name, text]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </Fragment>
        ))}
      </dl>
      {action !== undefined && (
        <button type="button" className={step.state === 'refused' ? 'control' : 'control primary'} onClick={() => onTake(step.id)}>
          {action}
        </button>
      )}
    </li>
  );
}

/** What somebody can do with a step; undefined where it needs nobody. */
function actionOf({ state, id, needs }: ChainStep, { name, needs: named }: EnvironmentSnapshot, { current }: Chain): string | undefined {
  if (needs.length > 0 && state !== 'standby') return named.length === 1 ? 'Enter the value' : 'Enter the values';
  if (state === 'offered') return `Back to ${name}`;
  if (state === 'needs-consent') return `Use ${name}`;
  return state === 'refused' && id !== current ? 'Try it now' : undefined;
}
