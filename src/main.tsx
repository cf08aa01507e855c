import { createRoot } from 'react-dom/client';
import { parseEnvironments } from '#environment/environments-file.ts';
import { placeholderNames } from '#environment/placeholders.ts';
import type { Environment } from '#environment/schema.ts';
import { createMonitorClient } from '#monitor/monitor-client.ts';
import { App } from '#views/app.tsx';
import { createMonitorStore, type MonitorStore } from '#views/parts/monitor-store.ts';
import { installSupportApi } from '#views/parts/support-api.ts';
import '#views/parts/fonts.css';
import '#views/parts/tokens.css';
import '#views/parts/base.css';

/** The page's start: puts the worker's client under the views. */

const monitorStarted = installSupportApi();

function start(environments: readonly Environment[]): MonitorStore {
  const client = createMonitorClient({ environments });
  const store = createMonitorStore(client);
  monitorStarted({ client, store });
  return store;
}

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App filePlace={new URL('environments.json', document.baseURI).href} parse={parseEnvironments} start={start} placeholdersOf={placeholderNames} />);
