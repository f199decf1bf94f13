import type { Clock } from './clock.ts';

/** The longest wait that timers know; longer ones are made of several. */
const longest = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    let timer: Parameters<typeof clearTimeout>[0];
    const wait = (left: number): void => {
      const now = Math.min(Math.max(0, left), longest);
      timer = setTimeout(() => (left > now ? wait(left - now) : run()), now);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};
