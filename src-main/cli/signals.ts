/** Ctrl-C reaches us from the terminal, from npm and from the script that started us: that is one wish, not three. */
const sameWishMs = 1_000;

export interface SignalParts {
  readonly on: (name: NodeJS.Signals, listener: () => void) => unknown;
  readonly exit: (status: number) => void;
  readonly monotonic: () => number;
}

const here: SignalParts = {
  on: (name, listener) => process.on(name, listener),
  exit: (status) => process.exit(status),
  monotonic: () => performance.now(),
};

/** Aborts at Ctrl-C, at a request to end, and when the terminal goes. A second wish ends at once. */
export function endSignal({ on, exit, monotonic }: SignalParts = here): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  for (const [name, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    on(name, () => {
      if (!controller.signal.aborted) {
        first = monotonic();
        controller.abort();
      } else if (monotonic() - first > sameWishMs) exit(status);
    });
  }
  return controller.signal;
}
