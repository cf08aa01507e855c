import { createContext, use } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';

/** An environments file as its server gave it. */
export interface EnvironmentsFile {
  /** Its absolute address. */
  readonly place: string;
  readonly text: string;
  /** When it was changed last, as its server says; else when it was read. */
  readonly changedAt: EpochMs;
}

/** The file that the monitor was started from; undefined on a page without one. */
export const EnvironmentsFileContext = createContext<EnvironmentsFile | undefined>(undefined);

export const useEnvironmentsFile = (): EnvironmentsFile | undefined => use(EnvironmentsFileContext);

/** Fetches the file; rejects with the reason where there is none to be had. */
export async function fetchEnvironmentsFile(place: string): Promise<EnvironmentsFile> {
  const answer = await fetch(place, { cache: 'no-cache' });
  if (!answer.ok) throw new Error(`the server answered ${answer.status} ${answer.statusText}`.trim());
  const changedAt = Date.parse(answer.headers.get('last-modified') ?? '');
  return { place, text: await answer.text(), changedAt: epochMs(Number.isNaN(changedAt) ? Date.now() : changedAt) };
}
