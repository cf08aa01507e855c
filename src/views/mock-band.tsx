import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import './mock-band.css';

/** Lies over everything else while what is shown was made up. It cannot be closed. */
export function MockBand({ environment }: { readonly environment: EnvironmentSnapshot }) {
  return (
    <div className="mock-band" role="note">
      <span className="mock-tag">MOCK DATA</span>{' '}
      <span>{`These events come from ${environment.name}, a mock target. They say nothing about a real environment.`}</span>
    </div>
  );
}
