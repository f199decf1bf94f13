import { spawn } from 'node:child_process';

export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the process runs as the administrator. */
  readonly isRoot: boolean;
}

const here: Desktop = { platform: process.platform, env: process.env, isRoot: process.getuid?.() === 0 };

/** The command that shows an address to the person, or null where nobody would see it. */
export function browserCommand(
  address: string,
  { platform, env, isRoot }: Desktop,
): readonly [string, readonly string[]] | null {
  if (platform === 'darwin') return ['open', [address]];
  // `start` takes its first quoted argument for a title, and `&` in an address for the next command.
  if (platform === 'win32') return ['cmd', ['/c', 'start', '""', address.replaceAll('&', '^&')]];
  const hasDisplay = (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
  return hasDisplay && !isRoot ? ['xdg-open', [address]] : null;
}

/** Opens the browser where there is somebody to see it. Without one the printed address must do. */
export function openBrowser(address: string, desktop: Desktop = here): void {
  const command = browserCommand(address, desktop);
  if (command === null) return;
  const child = spawn(command[0], command[1], { detached: true, stdio: 'ignore' });
  // No browser, no xdg-open: the address is printed anyway.
  child.on('error', () => {});
  child.unref();
}
