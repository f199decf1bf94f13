import type { Clock } from '#shared/base/clock.ts';

const tickMs = 5_000;

/** Later than this is no busy machine: it slept, or the process was stopped. */
const lateMs = 15_000;

/**
 * Calls `onWake` when this machine seems to have been asleep, also where nobody tells: the clock on the wall has run
 * while timers stood still, or a timer came much too late. A clock that was set forward looks the same and does no harm:
 * one question to each connected computer.
 * @returns ends it
 */
export function watchForWake(clock: Clock, onWake: (sleptMs: number) => void): () => void {
  let cancel = (): void => {};
  const tick = (): void => {
    const wall = clock.now();
    const steady = clock.monotonic();
    cancel = clock.after(tickMs, () => {
      const sleptMs = Math.max(clock.now() - wall, clock.monotonic() - steady) - tickMs;
      tick();
      if (sleptMs > lateMs) onWake(sleptMs);
    });
  };
  tick();
  return () => cancel();
}
