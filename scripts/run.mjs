// Runs a TypeScript script of this folder, on a fresh clone too: `node scripts/run.mjs start`.
// Plain Node without packages, since it runs before the packages are there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const [script, ...rest] = process.argv.slice(2);
if (script === undefined || !/^[a-z-]+$/.test(script) || !existsSync(`scripts/${script}.ts`)) {
  process.stderr.write(`There is no script "${script ?? ''}" in scripts/.\n`);
  process.exit(64);
}

installWhatIsMissing();
const { register } = await import('tsx/esm/api');
register();
process.argv.splice(1, process.argv.length, fileURLToPath(new URL(`${script}.ts`, import.meta.url)), ...rest);
await import(`./${script}.ts`);

/** Runs `npm ci` unless node_modules holds what package-lock.json names. */
function installWhatIsMissing() {
  const missing = missingPackages();
  if (missing === 0) return;
  process.stdout.write(`Installing the packages that package-lock.json names (${missing} missing or of another version) …\n`);
  const began = performance.now();
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit' });
  if (status !== 0) {
    process.stderr.write('npm ci failed; its message is above. Nothing was started.\n');
    process.exit(1);
  }
  process.stdout.write(`Installed in ${((performance.now() - began) / 1000).toFixed(0)} s.\n`);
}

/** How many packages of package-lock.json are not installed in the version that it names; optional ones (other platforms) do not count. */
function missingPackages() {
  const wanted = lockedPackages('package-lock.json');
  const installed = existsSync('node_modules/.package-lock.json') ? lockedPackages('node_modules/.package-lock.json') : {};
  return Object.entries(wanted).filter(
    ([path, { version, optional, link }]) => path !== '' && !optional && !link && installed[path]?.version !== version,
  ).length;
}

function lockedPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
