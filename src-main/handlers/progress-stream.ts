import { deferred } from '#shared/base/deferred.ts';
import type { Progress } from '#shared/contract/common.ts';

/** What a task tells while it works, and at its end. */
export type TaskItem<Done> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly value: Done };

/** Shortest time between two reports, so that a window is not flooded. */
const restMs = 100;

/**
 * Runs work that reports by callback, as a stream: progress now and then, always the latest, and the result at the end.
 * Whoever stops listening cancels by the signal that `run` gets elsewhere.
 */
export async function* withProgress<Done>(
  run: (onProgress: (progress: Progress) => void) => Promise<Done>,
): AsyncGenerator<TaskItem<Done>, undefined> {
  const state: { latest: Progress | null; isOver: boolean } = { latest: null, isOver: false };
  let wake = deferred<void>();
  const running = run((progress) => {
    state.latest = progress;
    wake.resolve();
  });
  const end = (): void => {
    state.isOver = true;
    wake.resolve();
  };
  const over = running.then(end, end); // what it throws is thrown below, to whoever listens
  while (!state.isOver) {
    await wake.promise;
    wake = deferred<void>();
    const { latest } = state;
    state.latest = null;
    if (latest === null || state.isOver) continue;
    yield { kind: 'progress', progress: latest };
    await Promise.race([over, rest()]);
  }
  yield { kind: 'done', value: await running };
}

const rest = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, restMs);
  });
