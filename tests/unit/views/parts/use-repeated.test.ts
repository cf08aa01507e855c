import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { repeat } from '#views/parts/use-repeated.ts';

/** A page that can be hidden. */
class FakeDocument extends EventTarget {
  hidden = false;

  show(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

describe('repeat', () => {
  let page: FakeDocument;
  beforeEach(() => {
    vi.useFakeTimers();
    page = new FakeDocument();
    vi.stubGlobal('document', page);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('asks again a pause after each answer, and no more once it is stopped', async () => {
    let asked = 0;
    const ask = vi.fn<() => Promise<number>>(async () => (asked += 1));
    const taken: number[] = [];
    const stop = repeat(ask, (answer) => taken.push(answer), 500);
    await vi.advanceTimersByTimeAsync(1200);
    expect(taken).toEqual([1, 2, 3]);
    stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  test('without a pause it asks once', async () => {
    const ask = vi.fn<() => Promise<number>>(async () => 1);
    repeat(ask, () => undefined, null);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test('an answer that comes after the stop is dropped', async () => {
    const taken: number[] = [];
    const stop = repeat(() => new Promise<number>((resolve) => setTimeout(() => resolve(1), 100)), (answer) => taken.push(answer), 500);
    stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(taken).toEqual([]);
  });

  test('a question that fails is put again', async () => {
    let asked = 0;
    const taken: number[] = [];
    const stop = repeat(
      () => {
        asked += 1;
        return asked === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(asked);
      },
      (answer) => taken.push(answer),
      500,
    );
    await vi.advanceTimersByTimeAsync(600);
    expect(taken).toEqual([2]);
    stop();
  });

  test('a hidden page does not ask, and asks at once when it is shown', async () => {
    page.hidden = true;
    const ask = vi.fn<() => Promise<number>>(async () => 1);
    const stop = repeat(ask, () => undefined, 500);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ask).not.toHaveBeenCalled();
    page.show(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(ask).toHaveBeenCalledTimes(1);
    page.show(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ask).toHaveBeenCalledTimes(1);
    stop();
    page.show(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(ask).toHaveBeenCalledTimes(1);
  });
});
