import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { formatAge, localTime } from './parts/format.ts';
import { StateShape } from './parts/state-word.tsx';
import { useFreshness } from './parts/use-freshness.ts';
import './age-band.css';

/** Stands over the full width when nothing has come for so long that all that is shown is only a memory. */
export function AgeBand({ environment }: { readonly environment: EnvironmentSnapshot }) {
  const { freshness } = useFreshness(environment);
  if (freshness.level !== 'dead' || freshness.newestAt === null) return null;
  return (
    <div className="age-band" role="note">
      <StateShape state="stale" size={18} />
      <b>{`As of ${localTime.time(freshness.newestAt)}, ${formatAge(freshness.ageMs ?? 0)} ago.`}</b> Nothing has come from {environment.name} since.
    </div>
  );
}
