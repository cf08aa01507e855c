import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';

/** How a dashboard over a socket is usually written: every event goes into React's state, and the chart draws it. */
interface ShownEvent {
  readonly eventId: string;
  readonly type: string;
  readonly runId: string;
  readonly sentAt: number;
  readonly latencyMs: number;
}

const query = new URLSearchParams(location.search);
const connections = Number(query.get('connections'));
const target = query.get('target') ?? '';
const shownRows = 50;
const shownPoints = 300;

function Dashboard() {
  const [events, setEvents] = useState<readonly ShownEvent[]>([]);
  useEffect(() => {
    const sockets = Array.from({ length: connections }, (_, n) => {
      const socket = new WebSocket(`${target}/ws?user=user-${n}`);
      socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
        const event: ShownEvent = JSON.parse(data);
        if (event.runId !== undefined) setEvents((before) => [...before, { ...event, latencyMs: Date.now() - event.sentAt }]);
      });
      return socket;
    });
    return () => sockets.forEach((socket) => socket.close());
  }, []);
  useEffect(() => {
    Object.assign(window, { received: () => events.length });
  }, [events]);
  const points = events.slice(-shownPoints);
  const rows = events.slice(-shownRows);
  return (
    <main>
      <h1>{events.length} events</h1>
      <LineChart width={1200} height={300} data={[...points]}>
        <CartesianGrid />
        <XAxis dataKey="sentAt" />
        <YAxis />
        <Line dataKey="latencyMs" isAnimationActive={false} dot={false} />
      </LineChart>
      <ul>
        {rows.map((event) => (
          <li key={event.eventId}>
            {event.type} {event.runId}
          </li>
        ))}
      </ul>
    </main>
  );
}

const root = document.querySelector('#root');
if (root !== null) createRoot(root).render(<Dashboard />);
