import type { World } from './world.ts';

const coalesceMs = 50;

/** The world's changes as a stream: what `make` says now, and again after each change. `make` returning null is silent. */
export async function* watch<Item>(
  world: World,
  signal: AbortSignal,
  make: (first: boolean) => Item | null,
): AsyncGenerator<Item> {
  let wake = (): void => {};
  let dirty = false;
  const off = world.changed.on(() => {
    dirty = true;
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    const start = make(true);
    if (start !== null) yield start;
    while (!signal.aborted) {
      if (!dirty) await new Promise<void>((resolve) => (wake = resolve));
      await new Promise((resolve) => setTimeout(resolve, coalesceMs));
      dirty = false;
      const next = make(false);
      if (next !== null) yield next;
    }
  } finally {
    off();
  }
}

/** For streams whose items are whole values: an equal one is not sent again. */
export function watchValue<Item>(world: World, signal: AbortSignal, make: () => Item): AsyncGenerator<Item> {
  let last = '';
  return watch(world, signal, () => {
    const item = make();
    const text = JSON.stringify(item);
    if (text === last) return null;
    last = text;
    return item;
  });
}
