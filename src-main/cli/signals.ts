/** Aborts at Ctrl-C, at a request to end, and when the terminal goes. The second one ends at once. */
export function endSignal(): AbortSignal {
  const controller = new AbortController();
  for (const [name, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(status);
      controller.abort();
    });
  }
  return controller.signal;
}
