import type { Emitter } from '#shared/base/emitter.ts';
import type { Changes } from '../provenance/types.ts';

/** Shortest time between two looks at the database for one stream. */
const leastRestMs = 50;

/** A look that takes long is repeated seldom, so that streams take at most a fifth of a reader. */
const restPerLook = 4;

const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });

/**
 * Looks once, and again after changes that matter, with all changes of a while in one look; yields what was seen. Ends
 * when the signal aborts. @param changes null for what never changes: the one look is all, and the stream stays open
 * @param also something else that changes what is seen
 */
export async function* lookWhenChanged<T>(
  look: () => Promise<T>,
  changes: Emitter<Changes> | null,
  matters: (changes: Changes) => boolean,
  signal: AbortSignal,
  also?: Emitter<void>,
): AsyncGenerator<T, undefined> {
  let isOld = true;
  let wake: (() => void) | null = null;
  const note = (): void => {
    isOld = true;
    wake?.();
  };
  const stopListening = changes?.on((one) => {
    if (matters(one)) note();
  });
  const stopListeningElse = also?.on(note);
  const onAbort = (): void => wake?.();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      if (!isOld) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
        continue;
      }
      isOld = false;
      const started = performance.now();
      const seen = await look();
      const took = performance.now() - started;
      if (signal.aborted) return;
      yield seen;
      await rest(Math.max(leastRestMs, took * restPerLook), signal);
    }
  } finally {
    stopListening?.();
    stopListeningElse?.();
    signal.removeEventListener('abort', onAbort);
  }
}
