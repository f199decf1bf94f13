import type { ShellCore } from '../shells/core-face.ts';
import { startBrowserShell } from '../shells/browser/shell.ts';
import { openBrowser } from './open-browser.ts';
import type { ServeRequest } from './world.ts';

export interface ServeParts {
  readonly core: ShellCore;
  readonly rendererFolder: string;
  readonly cacheFolder: string;
  readonly exportsFolder: string;
  readonly onError: (doing: string, thrown: unknown) => void;
  readonly out: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Serves the app until the signal aborts; prints exactly one line. The core is the caller's to close. */
export async function serveUntilAborted(request: ServeRequest, parts: ServeParts): Promise<void> {
  const shell = await startBrowserShell({ ...parts, port: request.port });
  try {
    parts.out(`Stemma is at ${shell.address}\n`);
    if (request.open) openBrowser(shell.entrance());
    await aborted(parts.signal);
  } finally {
    await shell.close();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
