import type { Clock } from '#shared/base/clock.ts';
import { deferred } from '#shared/base/deferred.ts';

interface Source {
  readonly on: (listener: () => void) => () => void;
}

export interface LiveOptions {
  /** Changes that come closer together than this are one. */
  readonly coalesceMs: number;
  /** Look also without a change, for words with a time in them. */
  readonly refreshMs?: number;
}

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
      const item = await make();
      const text = JSON.stringify(item);
      if (text !== last) {
        last = text;
        yield item;
      }
      const cancel = refreshMs === undefined ? null : clock.after(refreshMs, stir);
      await wake.promise;
      cancel?.();
      if (!signal.aborted) await new Promise<void>((resolve) => clock.after(coalesceMs, resolve));
    }
  } finally {
    for (const take of off) take();
    signal.removeEventListener('abort', stir);
  }
}
