import type { Clock } from '#shared/base/clock.ts';
import { deferred } from '#shared/base/deferred.ts';

interface Source {
  readonly on: (listener: () => void) => () => void;
}

export interface LiveOptions {
  /** Least time between two looks: changes that come closer together than this are one. */
  readonly coalesceMs: number;
  /** Look also without a change, for words with a time in them. */
  readonly refreshMs?: number;
}

/** A look that takes long is repeated seldom: a stream takes at most a fifth of a reader. */
const restPerLook = 5;

/** What `make` says now and, when something has changed, again: only the newest, and only what differs from the last. */
export async function* live<Item>(
  clock: Clock,
  signal: AbortSignal,
  changes: readonly Source[],
  make: () => Promise<Item> | Item,
  { coalesceMs, refreshMs }: LiveOptions,
): AsyncGenerator<Item> {
  let wake = deferred<void>();
  const stir = (): void => wake.resolve();
  const off = changes.map((source) => source.on(stir));
  signal.addEventListener('abort', stir, { once: true });
  let last = '';
  try {
    while (!signal.aborted) {
      wake = deferred<void>();
      const looked = clock.monotonic();
      const item = await make();
      const took = clock.monotonic() - looked;
      const text = JSON.stringify(item);
      if (text !== last) {
        last = text;
        yield item;
      }
      const cancel = refreshMs === undefined ? null : clock.after(refreshMs, stir);
      await wake.promise;
      cancel?.();
      // what changes after a quiet time is told at once
      const rest = Math.max(coalesceMs, took * restPerLook) - (clock.monotonic() - looked);
      if (!signal.aborted && rest > 0) await new Promise<void>((resolve) => clock.after(rest, resolve));
    }
  } finally {
    for (const take of off) take();
    signal.removeEventListener('abort', stir);
  }
}
