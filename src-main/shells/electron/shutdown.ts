/** The members of Electron's `app` by which it ends. */
export interface EndingApp {
  on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown;
  on(event: 'window-all-closed', listener: () => void): unknown;
  quit(): void;
  exit(status: number): void;
}

/** What a logout grants. The journal makes any moment a safe one; the time is for a clean close. */
const budgetMs = 5_000;

/**
 * Closes the core before the app ends, once, whoever asks for the end. Jobs on clusters go on without us and are found
 * again at the next start, so nobody is asked whether to quit.
 */
export function closeBeforeQuit(
  app: EndingApp,
  platform: NodeJS.Platform,
  close: (budgetMs: number) => Promise<void>,
  onError: (thrown: unknown) => void,
): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    const bound = setTimeout(() => app.exit(1), budgetMs + 1_000);
    void close(budgetMs)
      .catch(onError)
      .finally(() => {
        clearTimeout(bound);
        state = 'closed';
        app.quit();
      });
  });
  app.on('window-all-closed', () => {
    // On macOS an app lives on without windows.
    if (platform !== 'darwin') app.quit();
  });
}
