import type { StateWord as StateName } from '#monitor/snapshot.ts';
import { eventStyle, knownTypes } from './parts/event-style.ts';
import { Glyph } from './parts/glyph.tsx';
import { usePreference, writePreference } from './parts/preferences.ts';
import { Sheet } from './parts/sheet.tsx';
import { stateReadings } from './parts/state.ts';
import { StateWord } from './parts/state-word.tsx';
import { views } from './rail.tsx';
import './help-sheet.css';

const keys: readonly (readonly [readonly string[], string])[] = [
  [['Space'], 'freeze, resume; play a capture, pause'],
  [['/'], 'search events'],
  [['f'], 'filter to the run that is open'],
  [['[', ']'], 'anomaly before, after'],
  [['←', '→', 'a', 'd'], 'move the timeline in time'],
  [['+', '−', 'w', 's'], 'zoom the timeline'],
  [['0'], 'the timeline as it was'],
  [['u'], 'unfold, fold the connections of Triage'],
  [['n'], 'note on the run that is open, or the time'],
  [['c'], 'compare: run with the last good one'],
  [['k'], 'raw or corrected clock of a run'],
  [['t'], 'charts as tables'],
  [['l'], 'copy a link to this view'],
  [['e'], 'export'],
  [['Esc'], 'close what is open'],
  [['?'], 'this sheet'],
];
/** `g` leads to a view by its first letter. */
const viewKeys = views.map(({ id, name }) => [id.slice(0, 1), name] as const);
const states: readonly StateName[] = ['ok', 'at-risk', 'breached', 'unproven', 'no-data', 'stale', 'blind'];

/** All keys that work, and what the shapes mean. */
export function HelpSheet({ onClose }: { readonly onClose: () => void }) {
  const letters = usePreference('letterKeys') !== 'off';
  return (
    <Sheet title="Keys and shapes" onClose={onClose}>
      <div className="help-columns">
        <section>
          <h3>Keys</h3>
          <dl className="help-keys">
            {keys.map(([caps, does]) => (
              <div key={does}>
                <dt>
                  {caps.map((cap) => (
                    <kbd key={cap}>{cap}</kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
          <p className="help-views">
            <kbd>g</kbd> then{' '}
            {viewKeys.map(([letter, name]) => (
              <span key={letter}>
                <kbd>{letter}</kbd> {name}{' '}
              </span>
            ))}
          </p>
          <p className="help-lanes">With the focus in the lanes: arrows, Home and End go from run to run, Enter opens one. The wheel zooms around the pointer (with Ctrl where the lanes scroll), a drag moves, and so do two fingers.</p>
          <label className="help-switch">
            <input type="checkbox" checked={letters} onChange={(event) => writePreference('letterKeys', event.target.checked ? 'on' : 'off')} />
            Keys of a single letter or sign work
          </label>
        </section>
        <section>
          <h3>States</h3>
          <ul className="help-states">
            {states.map((state) => (
              <li key={state}>
                <StateWord state={state} reach={0.4} />
                <span>{stateReadings[state]}</span>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h3>Events</h3>
          <ul className="help-events">
            {[...knownTypes, 'any other type'].map((type) => (
              <li key={type}>
                <Glyph type={type} size={15} />
                <span>{type}</span>
                <span className="mono">{eventStyle(type).letter}</span>
                <span className="dim">{eventStyle(type).reading}</span>
              </li>
            ))}
            <li>
              <Glyph type="tool_completed" missing size={15} />
              <span>expected, never came</span>
              <span className="mono">·</span>
              <span className="dim">dashed, where it would have been</span>
            </li>
            <li>
              <Glyph type="agent_thinking" duplicate size={17} />
              <span>duplicate</span>
              <span className="mono">T</span>
              <span className="dim">ringed, counted apart</span>
            </li>
            <li>
              <Glyph type="agent_thinking" leaked size={17} />
              <span>cross-talk</span>
              <span className="mono">T</span>
              <span className="dim">ringed, in the lane of the wrong user</span>
            </li>
          </ul>
        </section>
      </div>
    </Sheet>
  );
}
