import { isBusy } from './sqlite-errors.ts';

const firstWaitMs = 5;
const longestWaitMs = 200;

const wait = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });

/** Tries until the database is not busy, without blocking in between. @throws what `attempt` throws otherwise */
export async function whenFree<T>(attempt: () => T, signal?: AbortSignal): Promise<T> {
  for (let ms = firstWaitMs; ; ms = Math.min(ms * 2, longestWaitMs)) {
    signal?.throwIfAborted();
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    await wait(ms, signal);
  }
}
