import type { SupportApi } from '#views/parts/support-api.ts';

declare global {
  interface Window {
    readonly runwatch: SupportApi;
  }
}
