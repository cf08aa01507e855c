import { useState } from 'react';
import type { FrameDetail, FramesDetail, Made } from '#monitor/frames-detail.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { DataTable } from '#views/parts/data-table.tsx';
import { formatCount, localTime } from '#views/parts/format.ts';
import { Icon } from '#views/parts/icon.tsx';
import { Panel } from '#views/parts/panel.tsx';
import { RawText } from '#views/parts/raw-text.tsx';
import { reasonSentences } from '#views/parts/reject-reasons.ts';
import { useFrozenAt } from '#views/parts/use-monitor.ts';
import { eventFields, madeWord, notMeasurable } from './frame-words.ts';
import { useFrames } from './use-frames.ts';
import './mapping-preview.css';

/** The newest frames of an environment, each beside what its dialect makes of it; the shapes that came so far; and what cannot be measured. */
export function MappingPreview({ environment }: { readonly environment: EnvironmentSnapshot }) {
  return <Preview key={environment.id} environment={environment} />;
}

function Preview({ environment }: { readonly environment: EnvironmentSnapshot }) {
  const [held, setHeld] = useState(false);
  const frozen = useFrozenAt() !== undefined;
  const detail = useFrames(environment.id, held || frozen);
  return (
    <Panel
      className="preview-panel is-wide"
      title="Frames as they are read"
      caption={detail === undefined ? undefined : `the newest ${formatCount(detail.frames.length)}, dialect ${detail.dialect}`}
      mock={environment.kind === 'mock'}
      end={
        detail !== undefined && (
          <button type="button" className="control" aria-pressed={held} onClick={() => setHeld(!held)}>
            <Icon name={held ? 'play' : 'pause'} size={14} />
            {held ? 'Go on' : 'Hold'}
          </button>
        )
      }
    >
      {detail === undefined ? <p className="panel-empty">Frames are shown while {environment.name} is watched, and after it.</p> : <Detail detail={detail} />}
    </Panel>
  );
}

function Detail({ detail }: { readonly detail: FramesDetail }) {
  const missing = notMeasurable(detail.abilities);
  return (
    <div className="preview-inside">
      {detail.frames.length === 0 ? <p className="dim">No frame has come yet.</p> : <Frames frames={detail.frames} />}
      <section className="preview-shapes">
        <div>
          <h3>What came so far</h3>
          <ShapeTable caption="Shapes of frames" name="Shape" rows={detail.shapes} />
        </div>
        <div>
          <h3>Types that nobody named</h3>
          {detail.unknownTypes.length === 0 ? <p className="dim">None: the contract or this program knows every type that came.</p> : <ShapeTable caption="Types that nobody named" name="Type" rows={detail.unknownTypes} />}
        </div>
      </section>
      <section>
        <h3>Not measurable here</h3>
        {missing.length === 0 ? (
          <p className="dim">Nothing: its dialect has a place for all that is measured.</p>
        ) : (
          <ul className="preview-missing">
            {missing.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

/** The newest first. A frame keeps its place in the page while others come before it. */
function Frames({ frames }: { readonly frames: readonly FrameDetail[] }) {
  const seen = new Map<string, number>();
  return (
    <ol className="preview-frames" aria-label="Newest frames">
      {frames
        .toReversed()
        .map((frame) => {
          const name = `${frame.connection} ${frame.at}`;
          const nth = (seen.get(name) ?? 0) + 1;
          seen.set(name, nth);
          return <Frame key={`${name} ${nth}`} frame={frame} />;
        })
        .toReversed()}
    </ol>
  );
}

function Frame({ frame }: { readonly frame: FrameDetail }) {
  const { at, connection, event, raw, length, made } = frame;
  return (
    <li className="preview-frame">
      <div className="preview-raw">
        <p>
          <span className="mono">{localTime.precise(at)}</span> <span>{connection}</span>
          {event !== null && <span className="chip mono">{event}</span>}
        </p>
        <RawText text={raw} />
        {length > raw.length && <p className="dim">{`The first ${formatCount(raw.length)} of ${formatCount(length)} characters.`}</p>}
      </div>
      <div className={`preview-made made-${made?.kind ?? 'long'}`}>
        <p>
          <b>{madeWord(frame)}</b>
          {made !== null && made.kind !== 'rejected' && made.shape !== null && <span className="chip">{made.shape}</span>}
        </p>
        {made !== null && <MadeOf made={made} />}
      </div>
    </li>
  );
}

function MadeOf({ made }: { readonly made: Made }) {
  return (
    <>
      {made.kind === 'rejected' && <p>{reasonSentences.get(made.reason)}</p>}
      {made.kind === 'control' && <p className="dim">Counted; it belongs to no run.</p>}
      {made.kind === 'events' &&
        made.events.map((event, index) => (
          // Events of a batch may be alike in all that is known of them, and keep their places.
          // oxlint-disable-next-line react/no-array-index-key
          <dl key={index} className="preview-event">
            {eventFields(event).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd className={value === null ? 'dim' : 'mono'}>{value ?? 'not said'}</dd>
              </div>
            ))}
          </dl>
        ))}
      {made.kind === 'events' && made.count > made.events.length && <p className="dim">{`and ${formatCount(made.count - made.events.length)} more`}</p>}
      {made.remarks.length > 0 && (
        <ul className="preview-remarks" aria-label="Where the mapping does not fit">
          {made.remarks.map(({ path, kind, text }) => (
            <li key={`${kind} ${path} ${text}`} className={`remark-${kind}`}>
              {text}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function ShapeTable({ caption, name, rows }: { readonly caption: string; readonly name: string; readonly rows: FramesDetail['shapes'] }) {
  return (
    <DataTable
      caption={caption}
      columns={[name, 'how often', 'since', 'last']}
      rows={rows.map((row) => ({ key: row.name, cells: [row.name, formatCount(row.count), localTime.time(row.firstAt), localTime.time(row.lastAt)] }))}
    />
  );
}
