export interface LoopFigures {
  /** Longest time that the main thread itself worked between two turns of its event loop. */
  readonly longestBlockMs: number;
  /** Longest time between two turns, with what the system took for other threads and programs. */
  readonly longestGapMs: number;
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

/** Watches the event loop of this thread from now on. */
export function watchLoop(): { stop(): LoopFigures } {
  const workedMs = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let [time, worked] = [performance.now(), workedMs()];
  let [longestGap, longestBlock] = [0, 0];
  const timer = setInterval(() => {
    const [now, done] = [performance.now(), workedMs()];
    longestGap = Math.max(longestGap, now - time);
    longestBlock = Math.max(longestBlock, done - worked);
    [time, worked] = [now, done];
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return { longestBlockMs: tenths(longestBlock), longestGapMs: tenths(longestGap) };
    },
  };
}
