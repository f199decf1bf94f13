import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { webSocketChannelPort } from '#shared/channel/web-socket-port.ts';
import { browserWire } from '#shared/shell/browser-wire.ts';
import type { ShellCore } from '../core-face.ts';
import { refuseChannel } from './guard.ts';
import type { Token } from './token.ts';

/** The contract over WebSockets: one for each tab. */
export interface Channels {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Says good-bye to every tab; those that do not answer are cut. */
  close(): Promise<void>;
}

/** A launch may carry its input files. */
const maxMessageBytes = 64 * 1024 * 1024;
const pingMs = 30_000;
const goodbyeMs = 1_000;
const atMost = 64;
const goingAway = 1001;

/** Tabs beyond the first 64 are refused, as is whoever does not know the token. */
export function openChannels(core: Pick<ShellCore, 'serve'>, token: Token): Channels {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(browserWire.protocol) ? browserWire.protocol : false),
  });
  return {
    upgrade(request, socket, head) {
      // Without a listener an error of a socket that we are refusing would end the process.
      socket.on('error', () => socket.destroy());
      const path = (request.url ?? '').split('?')[0];
      const refusal =
        path === browserWire.channelPath ? refuseChannel(request, token) : 'No address of Stemma.';
      if (refusal !== '' || sockets.clients.size >= atMost) {
        socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (open) => {
        watch(open);
        core.serve(webSocketChannelPort(open));
      });
    },
    async close() {
      const gone = [...sockets.clients].map((socket) => closed(socket));
      sockets.close();
      await Promise.all(gone);
    },
  };
}

/** A laptop that went to sleep never says that it is gone: whoever misses a ping is cut. */
function watch(socket: WebSocket): void {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, pingMs);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => socket.terminate(), goodbyeMs);
    socket.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
    socket.close(goingAway, 'Stemma ends');
  });
}
