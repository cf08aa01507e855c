/**
 * The target for @socket.io/admin-ui: a Socket.IO server under its `instrument`, ten users' sockets that take their events and drop them,
 * and its page as files. Events go out at a rate, told over HTTP.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import process from 'node:process';
import { instrument } from '@socket.io/admin-ui';
import { Server, type Socket } from 'socket.io';
import { WebSocket } from 'ws';
import { agentRun, runDigits } from './agent-run.ts';
import { endWithParent } from './end-with-parent.ts';

const page = join(dirname(createRequire(import.meta.url).resolve('@socket.io/admin-ui/package.json')), 'ui/dist');
const types: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html'],
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
]);
const users = 10;
const sockets: Socket[] = [];
let sent = 0;
let paced: ReturnType<typeof setInterval> | undefined;

function begin(rate: number): void {
  clearInterval(paced);
  sent = 0;
  const since = performance.now();
  const runs = sockets.map((_, n) => agentRun(`user-${n}`, runDigits(0), Date.now()));
  paced = setInterval(() => {
    for (const due = (rate * (performance.now() - since)) / 1000; sent < due; sent += 1) {
      const n = sent % sockets.length;
      const step = Math.floor(sent / sockets.length) % 10;
      if (step === 0) runs[n] = agentRun(`user-${n}`, runDigits(sent), Date.now());
      sockets[n]?.emit('agent_event', runs[n]?.[step]);
    }
  }, 2);
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://peer');
  if (url.pathname === '/begin') begin(Number(url.searchParams.get('rate')));
  if (url.pathname === '/stop') clearInterval(paced);
  const file = join(page, url.pathname === '/' ? 'index.html' : url.pathname);
  if (existsSync(file) && extname(file) !== '') {
    // Fonts and icons come from other hosts, which have no part in this.
    const text = readFileSync(file, 'utf8').replace(/<link rel="stylesheet" href="https:[^>]*>/g, '');
    response.writeHead(200, { 'Content-Type': types.get(extname(file)) ?? 'application/octet-stream' }).end(text);
  } else response.end(JSON.stringify({ sent, connections: sockets.length }));
});
const io = new Server(server, { transports: ['websocket'] });
instrument(io, { auth: false, mode: 'development' });
io.on('connection', (socket) => sockets.push(socket));

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  for (let n = 0; n < users; n += 1) takeAndDrop(`ws://127.0.0.1:${address.port}/socket.io/?EIO=4&transport=websocket`);
  process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
endWithParent();

/** As little of a Socket.IO client as keeps the connection: it answers the handshake and the heartbeat. */
function takeAndDrop(url: string): void {
  const socket = new WebSocket(url);
  socket.on('message', (data: Buffer) => {
    if (data[0] === 0x30) socket.send('40');
    else if (data[0] === 0x32) socket.send('3');
  });
}
