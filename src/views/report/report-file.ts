import type { EpochMs } from '#base/units.ts';

/** `runwatch-staging-20261118T151222Z.md` */
export function reportFileName(environmentId: string, at: EpochMs, extension: 'md' | 'html'): string {
  const stamp = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `runwatch-${environmentId.replaceAll(/[^\w.-]+/g, '-')}-${stamp}Z.${extension}`;
}

/** Hands a text to the reader as a file. */
export function download(text: string, name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by then, or never will.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
