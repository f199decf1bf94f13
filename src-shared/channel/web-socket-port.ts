import { decodeFrame, encodeFrame } from './codec.ts';
import type { ChannelPort } from './frames.ts';

/** What the WebSocket of a browser, of Node and of the `ws` package have in common. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  send(message: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close' | 'error', listener: () => void): void;
}

const open = 1;

/** A channel over an open WebSocket. A message that is no frame closes the socket. */
export function webSocketChannelPort(socket: SocketLike): ChannelPort {
  let closed = false;
  let onClose = (): void => {};
  const closeOnce = (): void => {
    if (closed) return;
    closed = true;
    onClose();
  };
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('close', closeOnce);
  socket.addEventListener('error', closeOnce);
  return {
    send(frame) {
      if (!closed && socket.readyState === open) socket.send(encodeFrame(frame));
    },
    onFrame(listener) {
      socket.addEventListener('message', ({ data }) => {
        let frame: unknown;
        try {
          frame = decodeFrame(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
        } catch {
          socket.close();
          return;
        }
        listener(frame);
      });
    },
    onClose(listener) {
      onClose = listener;
    },
    close() {
      socket.close();
      closeOnce();
    },
  };
}
