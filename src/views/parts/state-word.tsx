import type { StateWord as StateName } from '#monitor/snapshot.ts';
import { stateWords } from './state.ts';
import './state-word.css';

interface StateProps {
  readonly state: StateName;
  /** How far the runs reach towards proof, 0 to 1; fills the ring of `unproven`. */
  readonly reach?: number;
}

/** Shape, word and colour of a state, always the three together. */
export function StateWord({ state, reach }: StateProps) {
  return (
    <span className={`state is-${state}`}>
      <StateShape state={state} size={15} {...(reach === undefined ? {} : { reach })} />
      <b>{stateWords[state]}</b>
    </span>
  );
}

/** The shape alone, for places where the word stands beside it. */
export function StateShape({ state, reach = 0, size }: StateProps & { readonly size: number }) {
  return (
    <svg className={`state-shape is-${state}`} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <Shape state={state} reach={reach} />
    </svg>
  );
}

const ringLength = 2 * Math.PI * 9;

function Shape({ state, reach }: { readonly state: StateName; readonly reach: number }) {
  switch (state) {
    case 'ok':
      return (
        <>
          <circle className="solid" cx="12" cy="12" r="10" />
          <path className="cut" d="M7.4 12.3l3.1 3.1 6.2-6.6" />
        </>
      );
    case 'at-risk':
      return (
        <>
          <path className="solid" d="M12 2.2 22.6 21.2H1.4Z" />
          <path className="cut" d="M12 9v5.4M12 17.9v.2" />
        </>
      );
    case 'breached':
      return (
        <>
          <path className="solid" d="M7.8 1.6h8.4l6.2 6.2v8.4l-6.2 6.2H7.8l-6.2-6.2V7.8Z" />
          <path className="cut" d="M8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6" />
        </>
      );
    case 'unproven':
      return (
        <>
          <circle className="outline ring-rest" cx="12" cy="12" r="9" />
          <circle
            className="outline ring"
            cx="12"
            cy="12"
            r="9"
            strokeDasharray={`${(Math.min(1, Math.max(0.04, reach)) * ringLength).toFixed(1)} ${ringLength.toFixed(1)}`}
            transform="rotate(-90 12 12)"
          />
        </>
      );
    case 'no-data':
      return (
        <>
          <rect className="outline dashed" x="3" y="3" width="18" height="18" rx="2.5" />
          <path className="outline" d="M8.5 12h7" />
        </>
      );
    case 'stale':
      return (
        <>
          <rect className="outline" x="2.5" y="2.5" width="19" height="19" rx="3" />
          <path className="outline thin" d="M3 8 8 3M3 14l3-3M11 6l3-3M3 20l3-3M17 6l3-3M10 21l3-3M18 13l3-3M16 21l5-5" />
          <circle className="face" cx="12" cy="12" r="6" />
          <path className="outline" d="M12 8.8V12l2.2 1.4" />
        </>
      );
    case 'blind':
      return (
        <>
          <path className="outline" d="M1.8 12C5 6.6 8.4 4.6 12 4.6S19 6.6 22.2 12C19 17.4 15.6 19.4 12 19.4S5 17.4 1.8 12Z" />
          <circle className="solid" cx="12" cy="12" r="3.2" />
          <path className="gap" d="M4.2 20.6 19.8 3.4" />
          <path className="outline" d="M4.2 20.6 19.8 3.4" />
        </>
      );
  }
}
