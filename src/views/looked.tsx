import { lazy } from 'react';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import type { RangeControls } from './parts/timeline/use-range.ts';
import { Live } from './live/live.tsx';

/** What a view of one environment is given. */
interface LookedProps {
  readonly environment: EnvironmentSnapshot;
  readonly environments: readonly EnvironmentSnapshot[];
  readonly onPick: (environmentId: string) => void;
  readonly controls: RangeControls;
}

const Triage = lazy(async () => ({ default: (await import('./triage/triage.tsx')).Triage }));
const Report = lazy(async () => ({ default: (await import('./report/report.tsx')).Report }));

/** The view of one environment that the address names; where it names none of these, the live one. */
export function Looked({ view, ...props }: LookedProps & { readonly view: string }) {
  switch (view) {
    case 'triage':
      return <Triage {...props} />;
    case 'report':
      return <Report environmentId={props.environment.id} />;
    default:
      return <Live {...props} />;
  }
}
