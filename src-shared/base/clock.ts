/** Time and timers as an argument, so that the engine runs on a virtual clock in tests and in the simulator. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. May jump; use it for records, not for measuring. */
  now(): number;
  /** Milliseconds that never run backwards. For measuring. */
  monotonic(): number;
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** Resolves after `delayMs` on that clock, or rejects with the signal's reason. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
