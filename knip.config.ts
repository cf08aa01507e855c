import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  // scripts/run.mjs starts the scripts by their names; knip finds the other entries in package.json and in the tools' own settings.
  entry: ['src/monitor/monitor.worker.ts', 'src/archive/archive.worker.ts', 'src/views/parts/timeline/timeline.worker.ts', 'scripts/*.ts', 'scripts/bench/{sender,peer-server}.ts', 'scripts/bench/pages/naive.tsx', 'tests/**/*.{test,spec}.ts', 'tests/fixtures/gallery.tsx'],
  project: ['src/**/*.{ts,tsx}', 'scripts/**/*.{ts,tsx,mjs}', 'tests/**/*.{ts,tsx}'],
  // A type that a room exports belongs to its face even where only its own file names it.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // Of the system, where there is one: they install the browser for the tests, and make certificates for them.
  ignoreBinaries: ['apt-get', 'openssl'],
  // src/views/parts/fonts.css names their files; knip reads no CSS.
  ignoreDependencies: ['@fontsource-variable/jetbrains-mono'],
};

export default config;
