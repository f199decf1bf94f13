import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MessageChannel, Worker } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';
import type { ChannelPort } from '#shared/channel/frames.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import { messageChannelPort } from '#shared/channel/message-port.ts';
import { serve } from '#shared/channel/server.ts';
import { webSocketChannelPort } from '#shared/channel/web-socket-port.ts';
import { conformanceHandlers, conformanceTable } from './conformance-core.ts';

export interface Open {
  /** The client's end. */
  readonly port: ChannelPort;
  /** Puts something on the wire that is no frame. */
  readonly sendRaw: (message: unknown) => void;
  /** The server's side goes away without a word. */
  readonly cutServer: () => void;
}

export interface Carrier {
  readonly name: string;
  /** A connection to a new core. */
  open(): Promise<Open>;
  close(): Promise<void>;
}

export function memoryCarrier(): Carrier {
  return {
    name: 'in memory',
    open() {
      const [near, far] = memoryPair();
      serve(conformanceTable, conformanceHandlers(), far);
      return Promise.resolve({
        port: near,
        sendRaw: (message) => near.send(message as never),
        cutServer: () => far.close(),
      });
    },
    close: () => Promise.resolve(),
  };
}

export function workerCarrier(): Carrier {
  const worker = new Worker(new URL('./conformance-worker.ts', import.meta.url));
  return {
    name: 'MessagePort to a thread',
    open() {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ port: port2 }, [port2]);
      return Promise.resolve({
        port: messageChannelPort(port1),
        sendRaw: (message) => port1.postMessage(message),
        // The port goes with its thread, but other tests use that: closing this end is the same to a MessagePort.
        cutServer: () => port1.close(),
      });
    },
    async close() {
      await worker.terminate();
    },
  };
}

export async function webSocketCarrier(): Promise<Carrier> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const far: WebSocket[] = [];
  server.on('connection', (socket) => {
    far.push(socket);
    serve(conformanceTable, conformanceHandlers(), webSocketChannelPort(socket));
  });
  return {
    name: 'WebSocket',
    async open() {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      await once(socket, 'open');
      const index = far.length - 1;
      return {
        port: webSocketChannelPort(socket),
        sendRaw: (message) => socket.send(JSON.stringify(message) ?? 'null'),
        cutServer: () => far[index]?.terminate(),
      };
    },
    async close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
