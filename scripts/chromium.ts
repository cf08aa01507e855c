import { spawnSync, type StdioOptions } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** What the browser tests run with: no sandbox (root in a container), and nothing that talks to the outside by itself. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

/** Errors are shown, the installer's own talk is not. */
const QUIET: StdioOptions = ['ignore', 'ignore', 'inherit'];

/** The path of a Chromium: named by `CHROMIUM`, installed in the system, or Playwright's own; undefined where there is none. */
export async function findChromium(): Promise<string | undefined> {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const inSystem = ['chromium', 'chromium-browser', 'google-chrome'].map(onPath).find((path) => path !== undefined);
  if (inSystem !== undefined) return inSystem;
  const { chromium } = await import('@playwright/test');
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

/** The same, after installing one where there is none: Debian's package as root, else Playwright's download. */
export async function findOrInstallChromium(): Promise<string | undefined> {
  const found = await findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && onPath('apt-get') !== undefined) {
    process.stdout.write('Installing Chromium with apt-get …\n');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: QUIET, env });
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: QUIET, env });
  } else {
    process.stdout.write('Installing Chromium with Playwright …\n');
    spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: QUIET });
  }
  return findChromium();
}

function onPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
