/** `npm run build`: the page into dist/, and the command line, one program for Node, into dist-cli/. */
import { build } from 'vite';

await build();
await build({ build: { ssr: 'src/cli/main.ts', outDir: 'dist-cli', copyPublicDir: false } });
