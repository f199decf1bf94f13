/** The members of Electron's `powerMonitor`. */
export interface PowerMonitor {
  on(event: 'suspend' | 'resume', listener: () => void): unknown;
  on(event: 'shutdown', listener: (event?: { preventDefault(): void }) => void): unknown;
}

/** Tells the core when the computer sleeps and wakes, and ends us in time when it goes off (Linux and macOS). */
export function followPower(
  monitor: PowerMonitor,
  core: { suspend(): void; resume(): void },
  endNow: () => void,
): void {
  monitor.on('suspend', () => core.suspend());
  monitor.on('resume', () => core.resume());
  monitor.on('shutdown', (event) => {
    // Electron's types do not name the event, its documentation does.
    event?.preventDefault();
    endNow();
  });
}
