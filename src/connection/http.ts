import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { DurationMs } from '#base/units.ts';

/** Answers to a login or a health question are small; more is not read. */
const mostBytes = 1024 * 1024;

export interface HttpAnswer {
  /** 0 where the browser hides a redirect that was not to be followed. */
  readonly status: number;
  readonly text: string;
}

export type HttpFailure = 'unreachable' | 'timeout' | 'too-large';

/** Asks over HTTP and reads the whole answer, within `timeout` and 1 MiB. Never rejects. */
export async function askHttp(
  fetch: typeof globalThis.fetch,
  clock: Clock,
  url: string,
  timeout: DurationMs,
  init: RequestInit,
  abandoned?: AbortSignal,
): Promise<Result<HttpAnswer, HttpFailure>> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  abandoned?.addEventListener('abort', abort);
  let cancel = (): void => undefined;
  const timedOut = new Promise<Result<HttpAnswer, HttpFailure>>((resolve) => {
    cancel = clock.after(timeout, () => {
      resolve(err('timeout'));
      abort();
    });
  });
  const asked = async (): Promise<Result<HttpAnswer, HttpFailure>> => {
    try {
      const response = await fetch(url, { ...init, credentials: 'omit', cache: 'no-store', signal: controller.signal });
      const text = await boundedText(response);
      return text === undefined ? err('too-large') : ok({ status: response.status, text });
    } catch {
      return err('unreachable');
    }
  };
  try {
    return await Promise.race([asked(), timedOut]);
  } finally {
    cancel();
    abandoned?.removeEventListener('abort', abort);
  }
}

async function boundedText(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let read = 0;
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    read += value.byteLength;
    if (read > mostBytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
