import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // Relative addresses: the built page runs at any path of any file server.
  base: './',
  build: { sourcemap: true },
  worker: { format: 'es' },
  server: { port: 5173 },
});
