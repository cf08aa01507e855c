import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** What is needed at once comes in one piece: a dozen small ones are a fifth larger together, and wait for one another. */
const inOnePiece = { codeSplitting: { groups: [{ name: 'start', tags: ['$initial' as const] }] } };

export default defineConfig({
  plugins: [react()],
  // Relative addresses: the built page runs at any path of any file server.
  base: './',
  build: { sourcemap: true, rolldownOptions: { output: inOnePiece } },
  worker: { format: 'es', rolldownOptions: { output: inOnePiece } },
  server: { port: 5173 },
});
