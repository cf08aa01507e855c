// Receives, parses, counts: the least that a page can do with the frames. Runs in the page, or (`where=worker`) in a classic worker.
const query = new URLSearchParams(self.location.search);
const isPage = typeof document !== 'undefined';
let events = 0;

if (isPage && query.get('where') === 'worker') {
  const worker = new Worker(`/reference.js${self.location.search}`);
  const waiting = [];
  worker.onmessage = ({ data }) => waiting.shift()(data);
  self.received = () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      worker.postMessage('count');
    });
} else {
  if (!isPage) {
    importScripts('/socket.io/socket.io.js');
    self.onmessage = () => self.postMessage(events);
  }
  self.received = () => Promise.resolve(events);
  void openAll(Number(query.get('connections')));
}

function count(message) {
  if (Array.isArray(message.events)) events += message.events.length;
  else if (message.runId !== undefined) events += 1;
}

// A browser delays handshakes by seconds once a dozen are pending: eight at a time.
async function openAll(connections) {
  const open = query.get('wire') === 'socket.io' ? openSocketIo : openWebSocket;
  for (let n = 0; n < connections; n += 8) await Promise.all(Array.from({ length: Math.min(8, connections - n) }, (_, k) => open(`user-${n + k}`)));
}

function openWebSocket(user) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${self.location.host}/ws?user=${user}`);
    socket.onopen = resolve;
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === 'ping') socket.send('{"type":"pong"}');
      else count(message);
    };
  });
}

function openSocketIo(user) {
  return new Promise((resolve) => {
    const socket = self.io(self.location.origin, { transports: ['websocket'], forceNew: true, auth: { user } });
    socket.on('connect', resolve);
    // The client's own parser is JSON.parse.
    socket.on('agent_event', (message) => {
      if (message.type === 'ping') socket.emit('pong', { type: 'pong' });
      else count(message);
    });
  });
}
