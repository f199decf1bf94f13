/** Events that are committed together at most: more would share the cost of one fsync only a little better. */
export const mostTogether = 100;

/** How long a commit may hold the main thread, which also answers windows: one frame of a screen. */
export const wantedMs = 16;

/**
 * How many events the next commit may take, so that it holds the main thread for about {@link wantedMs}.
 * @param together how many the last one had
 * @param tookMs how long it took
 */
export function nextBatchLimit(limit: number, together: number, tookMs: number): number {
  if (tookMs > wantedMs) return Math.max(1, Math.floor((together * wantedMs) / tookMs));
  return Math.min(mostTogether, together === limit ? limit * 2 : limit);
}
