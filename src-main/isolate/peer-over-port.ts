import type { MessagePort } from 'node:worker_threads';
import type { Peer } from './peer.ts';

type FromHolder =
  | { readonly kind: 'message'; readonly message: unknown }
  | { readonly kind: 'memory'; readonly bytes: number | null }
  | { readonly kind: 'exit'; readonly why: string };
type ToHolder = { readonly kind: 'post'; readonly message: unknown } | { readonly kind: 'kill' };

const memoryEveryMs = 200;

/**
 * In a thread: a peer that the main thread has started, by a port to it. Electron's utility processes can be started
 * only there.
 */
export function peerOverPort(port: MessagePort): Peer {
  const listeners: ((message: unknown) => void)[] = [];
  let onExit: ((why: string) => void) | null = null;
  let memory: number | null = null;
  port.on('message', (from: FromHolder) => {
    if (from.kind === 'message') for (const listener of listeners) listener(from.message);
    else if (from.kind === 'memory') memory = from.bytes;
    else onExit?.(from.why);
  });
  return {
    post: (message) => port.postMessage({ kind: 'post', message } satisfies ToHolder),
    onMessage: (listener) => void listeners.push(listener),
    onExit: (listener) => {
      onExit = listener;
    },
    kill: () => {
      port.postMessage({ kind: 'kill' } satisfies ToHolder);
      port.close();
    },
    memory: () => memory,
  };
}

/** In the main thread: passes on what the thread and the peer say. The peer ends with the thread. */
export function holdPeer(peer: Peer, port: MessagePort): void {
  const tell = (message: FromHolder): void => port.postMessage(message);
  const watch = setInterval(() => tell({ kind: 'memory', bytes: peer.memory() }), memoryEveryMs);
  watch.unref();
  port.on('message', (to: ToHolder) => {
    if (to.kind === 'post') peer.post(to.message);
    else peer.kill();
  });
  port.on('close', () => {
    clearInterval(watch);
    peer.kill();
  });
  peer.onMessage((message) => tell({ kind: 'message', message }));
  peer.onExit((why) => tell({ kind: 'exit', why }));
}
