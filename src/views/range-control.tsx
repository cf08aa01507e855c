import { useId, useState, type FormEvent } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import { formatDuration, localTime } from './parts/format.ts';
import { Icon } from './parts/icon.tsx';
import { Menu } from './parts/menu.tsx';
import type { RangeControls } from './parts/timeline/use-range.ts';
import { useMonitorStore } from './parts/use-monitor.ts';

const minuteMs = 60_000;
const presets = [1, 5, 15, 60].map((minutes) => ({ name: minutes === 60 ? 'last 1 h' : `last ${minutes} min`, spanMs: minutes * minuteMs }));
const longestMs = 60 * minuteMs;
const shortestMs = 5000;

/** A length of time of whole seconds: a chosen stretch is no more exact than that. */
const lengthWords = (ms: number): string => (ms < 100_000 ? `${Number((ms / 1000).toFixed(1))} s` : formatDuration(Math.round(ms / 1000) * 1000));

/** Which stretch of time the page shows: the last minutes, running on, or from one time to another. */
export function RangeControl({ controls }: { readonly controls: RangeControls }) {
  const store = useMonitorStore();
  const { range } = controls;
  const from = range.endAt === undefined ? undefined : epochMs(range.endAt - range.spanMs);
  return (
    <Menu
      className="range-menu"
      summary={
        <>
          <span className="visually-hidden">Shown stretch of time: </span>
          {from === undefined || range.endAt === undefined ? (
            <span>{`last ${lengthWords(range.spanMs)}`}</span>
          ) : (
            <>
              <span>{`${localTime.time(from)} to ${localTime.time(range.endAt)}`}</span>
              <span className="range-length">{lengthWords(range.spanMs)}</span>
            </>
          )}
          <Icon name="down" size={14} />
        </>
      }
    >
      {presets.map(({ name, spanMs }) => (
        <button key={name} type="button" className="control" aria-pressed={range.following && range.spanMs === spanMs} onClick={() => controls.last(spanMs)}>
          {name}
        </button>
      ))}
      <FromTo key={from} from={from ?? epochMs(store.shownNow() - range.spanMs)} to={range.endAt ?? store.shownNow()} onShow={(begin, end) => controls.moveTo(end, end - begin)} />
      {!range.following && (
        <button type="button" className="control primary" onClick={controls.follow}>
          <Icon name="play" size={13} />
          Follow
        </button>
      )}
    </Menu>
  );
}

/** A time as the browser's field takes it: where the reader is, to the second. */
function fieldText(at: EpochMs): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * minuteMs).toISOString().slice(0, 19);
}

function FromTo({ from, to, onShow }: { readonly from: EpochMs; readonly to: EpochMs; readonly onShow: (from: EpochMs, to: EpochMs) => void }) {
  const [begin, setBegin] = useState(() => fieldText(from));
  const [end, setEnd] = useState(() => fieldText(to));
  const fault = useId();
  const [fromMs, toMs] = [Date.parse(begin), Date.parse(end)];
  const problem = Number.isNaN(fromMs) || Number.isNaN(toMs) ? 'Both times are needed.' : toMs - fromMs < shortestMs ? 'The end lies at least 5 s after the begin.' : toMs - fromMs > longestMs ? 'At most 1 h is shown at once.' : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (problem === undefined) onShow(epochMs(fromMs), epochMs(toMs));
  };
  return (
    <form className="range-form" onSubmit={submit}>
      <label>
        from
        <input type="datetime-local" step="1" value={begin} aria-describedby={problem === undefined ? undefined : fault} onChange={(event) => setBegin(event.target.value)} />
      </label>
      <label>
        to
        <input type="datetime-local" step="1" value={end} aria-describedby={problem === undefined ? undefined : fault} onChange={(event) => setEnd(event.target.value)} />
      </label>
      {problem !== undefined && (
        <p id={fault} className="range-problem">
          {problem}
        </p>
      )}
      <button type="submit" className="control" disabled={problem !== undefined}>
        Show
      </button>
    </form>
  );
}
