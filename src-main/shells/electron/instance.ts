import { archivesOf, type OpenQueue } from './open-queue.ts';

/** The members of Electron's `app` that concern other instances and files of the desktop. */
export interface InstanceApp {
  requestSingleInstanceLock(): boolean;
  quit(): void;
  on(
    event: 'second-instance',
    listener: (event: unknown, argv: string[], workingDirectory: string) => void,
  ): unknown;
  on(event: 'open-file', listener: (event: { preventDefault(): void }, path: string) => void): unknown;
}

/**
 * Makes this the one instance, to which later ones hand their files. Must run before the app is ready: macOS sends
 * the file of a double click at once.
 * @returns false where another instance runs already, which has then been told
 */
export function claimInstance(
  app: InstanceApp,
  queue: OpenQueue,
  argv: readonly string[],
  directory: string,
  showWindow: () => void,
): boolean {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  queue.push(archivesOf(argv, directory));
  app.on('second-instance', (_event, words, workingDirectory) => {
    queue.push(archivesOf(words, workingDirectory));
    showWindow();
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    queue.push(archivesOf([path], directory));
    showWindow();
  });
  return true;
}
