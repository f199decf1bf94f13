import { operationalError, userError } from '#shared/base/errors.ts';
import type { ChannelPort } from '#shared/channel/frames.ts';
import { webSocketChannelPort } from '#shared/channel/web-socket-port.ts';
import { browserWire, tokenProtocol } from '#shared/shell/browser-wire.ts';

const noToken = (): Error =>
  userError({
    code: 'no-token',
    message: 'This page is not allowed to talk to Stemma yet.',
    hint: 'Open the address that “stemma serve” printed; it ends with #token=…',
  });

const badToken = (): Error =>
  userError({
    code: 'bad-token',
    message: 'Stemma was started again, and the permission of this page has ended.',
    hint: 'Open the new address that “stemma serve” printed.',
  });

const unreachable = (): Error =>
  operationalError({
    code: 'disconnected',
    message: 'Stemma does not answer.',
    hint: 'Look whether “stemma serve” still runs.',
  });

/**
 * A browser does not tell a page why a WebSocket failed, so the door is asked by HTTP: 401 means that no later
 * attempt with this token can succeed.
 */
async function isRefused(token: string): Promise<boolean> {
  try {
    const answer = await fetch(browserWire.channelPath, {
      headers: { authorization: browserWire.authorization(token) },
      cache: 'no-store',
    });
    return answer.status === 401 || answer.status === 403;
  } catch {
    // Not reachable at all: a matter of waiting.
    return false;
  }
}

/**
 * Opens the contract's channel in the browser shell.
 * @throws StemmaError `no-token`, `bad-token` (both final), `disconnected`
 */
export async function openSocket(token: string | null, signal: AbortSignal): Promise<ChannelPort> {
  if (token === null) throw noToken();
  const address = new URL(browserWire.channelPath, location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address, [browserWire.protocol, tokenProtocol(token)]);
  const port = webSocketChannelPort({
    get binaryType() {
      return socket.binaryType;
    },
    set binaryType(type) {
      socket.binaryType = type as BinaryType;
    },
    get readyState() {
      return socket.readyState;
    },
    send: (message) => socket.send(message),
    close: () => socket.close(),
    addEventListener: (type: string, listener: (event: never) => void) =>
      socket.addEventListener(type, listener as EventListener),
  });
  const opened = await new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => resolve(true), { once: true });
    socket.addEventListener('close', () => resolve(false), { once: true });
    signal.addEventListener('abort', () => socket.close(), { once: true });
  });
  if (opened) return port;
  throw (await isRefused(token)) ? badToken() : unreachable();
}
