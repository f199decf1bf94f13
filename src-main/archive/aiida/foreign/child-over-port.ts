import type { MessagePort } from 'node:worker_threads';
import type { ForeignReply, ForeignRequest } from './protocol.ts';
import type { ForeignChild } from './start-child.ts';

/** What goes through the port between a thread and whoever holds the child process. */
type FromHolder = { readonly reply: ForeignReply } | { readonly exit: true };
type ToHolder = { readonly request: ForeignRequest } | { readonly kill: true };

/** In the thread: a child process that the main thread has started, by its port. */
export function childOverPort(port: MessagePort): ForeignChild {
  let onReply = (_reply: ForeignReply): void => undefined;
  let onExit = (): void => undefined;
  port.on('message', (message: FromHolder) => {
    if ('reply' in message) onReply(message.reply);
    else onExit();
  });
  return {
    send: (request) => port.postMessage({ request } satisfies ToHolder),
    onReply: (listener) => {
      onReply = listener;
    },
    onExit: (listener) => {
      onExit = listener;
    },
    kill: () => {
      port.postMessage({ kill: true } satisfies ToHolder);
      port.close();
    },
  };
}

/** In the main thread: passes on what the thread and the child say. Rows travel as bytes that nobody looks into. */
export function holdChild(child: ForeignChild, port: MessagePort): void {
  port.on('message', (message: ToHolder) => {
    if ('request' in message) child.send(message.request);
    else child.kill();
  });
  // the thread has ended, however it did
  port.on('close', () => child.kill());
  child.onReply((reply) => port.postMessage({ reply } satisfies FromHolder));
  child.onExit(() => port.postMessage({ exit: true } satisfies FromHolder));
}
