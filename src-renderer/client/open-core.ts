import type { ChannelPort } from '#shared/channel/frames.ts';
import type { ShellBridge } from '#shared/shell/bridge.ts';
import { BrowserShell } from './files.ts';
import { openMessagePort } from './open-message-port.ts';
import { openSocket } from './open-socket.ts';
import { takeToken } from './token.ts';

export interface CoreDoor {
  readonly shell: ShellBridge;
  readonly open: (signal: AbortSignal) => Promise<ChannelPort>;
}

/** How this window reaches the core: by Electron's preload where there is one, else over the loopback WebSocket. */
export function findCore(): CoreDoor {
  const { stemmaShell, stemmaChannel } = window;
  if (stemmaShell !== undefined && stemmaChannel !== undefined) {
    return { shell: stemmaShell, open: (signal) => openMessagePort(stemmaChannel, signal) };
  }
  let token = takeToken();
  // A tab that is still open can be given the new address of a server that was started again.
  window.addEventListener('hashchange', () => (token = takeToken()));
  return { shell: new BrowserShell(() => token), open: (signal) => openSocket(token, signal) };
}
