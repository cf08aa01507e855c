import type { Results } from './machine.ts';
import { type Bar, holds, type Measurement } from './measurement.ts';
import { median, rounded } from './statistics.ts';

/** The line that tells of one measurement on the terminal. */
export function line(measurement: Measurement): string {
  const { row, what, unit, values, bar, context } = measurement;
  const middle = median(values);
  return `${row}  ${what}: ${figure(middle)} ${unit}${spread(values)}${bar === undefined ? '' : `; bar ${barText(bar)}: ${verdict(bar, middle)}`}\n   ${context}`;
}

/**
 * docs/performance.md, whole: the table, and what one must know to read it.
 * @param missing rows that nobody has measured yet
 */
export function page({ machine, rounds, quick, measurements }: Results, missing: readonly string[]): string {
  const rows = measurements.map(({ row, what, unit, values, bar, context, limit }) => {
    const middle = median(values);
    const barCell = bar === undefined ? '' : `${barText(bar)}: **${verdict(bar, middle)}**`;
    return `| ${row} | ${what} | ${figure(Math.min(...values))} / **${figure(middle)}** / ${figure(Math.max(...values))} ${unit} | ${barCell} | ${context} | ${limit} |`;
  });
  const packages = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`);
  return `# Performance

What Runwatch costs, measured by \`npm run bench\`, which writes this page. Read the ratios: both sides of each were measured in turns in one run, so that
a slow machine slows both; the rows may be of several runs of one day. The absolute figures beside them drift with the machine.

${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node.slice(1)}, ${machine.browser?.replace('/', ' ') ?? 'no browser'}, ${packages.join(', ')}; ${machine.date}; load before the run ${machine.load}; ${rounds} rounds${quick ? ', **short windows (`--quick`): not to be quoted**' : ''}.

| | what | least / **median** / most | bar | in figures | what limits it |
|---|---|---|---|---|---|
${rows.join('\n')}
${missing.length === 0 ? '' : `\nNot measured here: row ${missing.join(', ')}.\n`}
## How it is measured

* **Everything is on.** The page is the built one, with the live view, its worker, store, timeline and charts, on an environment in mode \`observe\`.
* **The sender** is a process of its own on the same machine. Its frames are built once, and after that only the digits of run and time change; events
  are agent events of 250 to 400 bytes, run after run of ten, the users those of the connections. For a row that takes as much as it can, a \`ping\` stands
  after every chunk of frames, and the next chunk goes when the client has answered it: the receiver alone sets the pace, and little is under way.
* **The reference** (a) receives, parses, counts, and does nothing else. It is tried in the page and in a worker, and the faster one is held against Runwatch.
* **Lost** events are what was sent and not folded when the sending has ended; and what was folded as a duplicate, an orphan or somebody else's.
* **The browser is driven over the bare DevTools protocol**, without its Network domain: that copies every frame to the driver, and halves what a page can take.
  It has no GPU here, so painting is dearer than on a desk.
* **Frames** (b) are the pauses between two animation frames; a long task is one of more than 50 ms on the main thread.
* **The timeline's frame** (c) is the time from asking the monitor's worker for the slice to its answer, and the painter's work from there, sorting and painting
  (\`window.runwatch.painted()\`). The page keeps a bounded number of events, so larger stores are measured in Node.
* **From the socket to the screen** (e): from the socket's callback in the worker to the end of the frame that draws the event; of each frame, the event that had waited longest (\`window.runwatch.paintLags()\`).
* **Memory** (d, j) is read after a collection, heap and buffers together.

\`npm run bench -- --rows a,b --rounds 5\` measures single rows; \`--quick\` takes short windows, to see that it works; \`--heap-minutes 10\` watches the memory for longer.
`;
}

const figure = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(2) : rounded(value));
const barText = ({ kind, value }: Bar): string => `${kind === 'at-least' ? '≥' : '≤'} ${Number(value.toFixed(2))}`;
const verdict = (bar: Bar, value: number): string => (holds(bar, value) === true ? 'holds' : 'does not hold');

function spread(values: readonly number[]): string {
  return values.length < 2 ? '' : ` (${figure(Math.min(...values))} to ${figure(Math.max(...values))} over ${values.length} rounds)`;
}
