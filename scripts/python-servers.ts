import { spawnSync, type StdioOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';

/** The system's own Python: another one may stand first on the PATH, and would not see the system's packages. */
export const SYSTEM_PYTHON = '/usr/bin/python3';
/** Nothing of the user's own environment gets in, and no caches are left between the tests. */
export const PYTHON_FLAGS = ['-E', '-s', '-B'] as const;

/** What tests/servers imports, and the Debian package that brings it. */
const packages: ReadonlyMap<string, string> = new Map([
  ['socketio', 'python3-socketio'],
  ['aiohttp', 'python3-aiohttp'],
  ['fastapi', 'python3-fastapi'],
  ['uvicorn', 'python3-uvicorn'],
  ['websockets', 'python3-websockets'],
]);

const LIST_MISSING = 'import importlib.util, sys; print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name) is None])';
const INSTALL_LIMIT_MS = 120_000;

/** Errors are shown, the installer's own talk is not. */
const QUIET: StdioOptions = ['ignore', 'ignore', 'inherit'];

/** Why the servers of tests/servers cannot run here, and what would help; undefined where they can. */
export function missingPythonServers(): string | undefined {
  const missing = missingPackages();
  if (missing === undefined) return `there is no ${SYSTEM_PYTHON} that runs`;
  return missing.length === 0 ? undefined : `${SYSTEM_PYTHON} lacks packages: apt-get install ${missing.join(' ')}`;
}

/** Installs what the servers need where something is missing, and Debian's packages may be installed: as root. */
export function installPythonServers(): void {
  const missing = missingPackages() ?? ['python3', ...packages.values()];
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stdout.write(`Installing ${missing.join(', ')} with apt-get …\n`);
  const options = { stdio: QUIET, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: INSTALL_LIMIT_MS };
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], options);
}

/** The Debian packages that are not there; undefined where there is no Python to ask. */
function missingPackages(): readonly string[] | undefined {
  const { status, stdout } = spawnSync(SYSTEM_PYTHON, [...PYTHON_FLAGS, '-c', LIST_MISSING, ...packages.keys()], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  return stdout.split(/\s+/).flatMap((name) => packages.get(name) ?? []);
}
