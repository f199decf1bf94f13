import type { ChannelPort } from '#shared/channel/frames.ts';
import { ipc } from './ipc.ts';
import type { GuardedIpc } from './senders.ts';

/** Electron's `MessagePortMain`: an event emitter, unlike the ports of Node and of a page. */
export interface MainPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

export interface PortReceiver<Port> {
  postMessage(name: string, message: unknown, transfer: Port[]): void;
}

export interface ChannelParts<Port> {
  /** Electron's `new MessageChannelMain()`. */
  readonly createChannel: () => { readonly port1: Port; readonly port2: Port };
  /** Waits until the core is open. */
  readonly serve: (port: ChannelPort) => void;
}

/**
 * Gives a window a port to the core whenever its page asks: at the start, and again after a reload or a crash, when
 * the former port is of no use to anybody and is closed.
 */
export function handOverChannels<Port extends MainPort, Contents extends PortReceiver<Port> & object>(
  guarded: GuardedIpc<Contents>,
  { createChannel, serve }: ChannelParts<Port>,
): void {
  const former = new WeakMap<Contents, ChannelPort>();
  guarded.on(ipc.openChannel, (contents) => {
    former.get(contents)?.close();
    const { port1, port2 } = createChannel();
    const port = channelOfMainPort(port1);
    former.set(contents, port);
    serve(port);
    contents.postMessage(ipc.port, null, [port2]);
  });
}

/** A port of Electron as the channel wants it; `onClose` is called once, whichever side closes. */
export function channelOfMainPort(port: MainPort): ChannelPort {
  let closed = false;
  let onClose = (): void => {};
  const closeOnce = (): void => {
    if (closed) return;
    closed = true;
    onClose();
  };
  port.on('close', closeOnce);
  return {
    send(frame) {
      if (!closed) port.postMessage(frame);
    },
    onFrame(listener) {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose(listener) {
      onClose = listener;
    },
    close() {
      port.close();
      closeOnce();
    },
  };
}
