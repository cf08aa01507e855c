import { createRoot } from 'react-dom/client';
import { createMonitorClient } from '#monitor/monitor-client.ts';
import { App } from '#views/app.tsx';
import { createMonitorStore } from '#views/parts/monitor-store.ts';
import { installSupportApi } from '#views/parts/support-api.ts';
import '#views/parts/fonts.css';
import '#views/parts/tokens.css';
import '#views/parts/base.css';

/** The page's start: puts the worker's client under the views. */

const client = createMonitorClient();
const store = createMonitorStore(client);
const monitorStarted = installSupportApi({ client, store });

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App filePlace={new URL('environments.json', document.baseURI).href} store={store} start={(text) => client.start(text)} onStarted={monitorStarted} />);
