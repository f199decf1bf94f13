import type { ChannelPort } from './frames.ts';

/** What a MessagePort of Node and of a browser have in common; that of Electron's main process needs an adapter. */
export interface PortLike {
  postMessage(message: unknown): void;
  close(): void;
  start?(): void;
  addEventListener(
    type: 'message' | 'close',
    listener: (event: { readonly type: string; readonly data?: unknown }) => void,
  ): void;
}

/** A channel over a MessagePort. Typed arrays are cloned, which for columns costs a memcpy. */
export function messageChannelPort(port: PortLike): ChannelPort {
  let closed = false;
  let onClose = (): void => {};
  const closeOnce = (): void => {
    if (closed) return;
    closed = true;
    onClose();
  };
  port.addEventListener('close', closeOnce);
  return {
    send(frame) {
      if (!closed) port.postMessage(frame);
    },
    onFrame(listener) {
      port.addEventListener('message', (event) => listener(event.data));
      port.start?.();
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
