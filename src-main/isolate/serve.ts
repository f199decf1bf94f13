import { isMainThread, parentPort } from 'node:worker_threads';
import { errorInfo } from '#shared/base/errors.ts';
import type { Ask, End, Reply } from './messages.ts';

/** What answers inside of the thread or process. */
export interface Served {
  /** The answer, or a promise of it. */
  answer(method: string, input: unknown): unknown;
  /** What the asker should know besides the answer (slow queries); taken after each one. */
  notes?(): readonly unknown[];
  /** In a thread that is asked to end: lets go of what it holds. */
  close?(): void;
}

interface Parent {
  post(reply: Reply, transfer: readonly ArrayBuffer[]): void;
  onAsk(listener: (ask: Ask) => void): void;
  onEnd?(listener: () => void): void;
}

interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** A worker thread has a port, Electron's utility process another, a child of Node a channel. */
function parent(): Parent {
  const port = parentPort;
  if (!isMainThread && port !== null) {
    return {
      post: (reply, transfer) => port.postMessage(reply, transfer),
      onAsk: (listener) =>
        port.on('message', (message: Ask | End) => {
          if (!('end' in message)) listener(message);
        }),
      onEnd: (listener) =>
        port.on('message', (message: Ask | End) => {
          if ('end' in message) listener();
        }),
    };
  }
  const utility = (process as { parentPort?: UtilityPort }).parentPort;
  if (utility !== undefined) {
    return {
      post: (reply) => utility.postMessage(reply),
      onAsk: (listener) => utility.on('message', ({ data }) => listener(data as Ask)),
    };
  }
  process.on('disconnect', () => process.exit());
  return {
    post: (reply) => process.send?.(reply),
    onAsk: (listener) => process.on('message', (ask) => listener(ask as Ask)),
  };
}

/** The buffers of the typed arrays in the fields of an answer: moved, not copied. */
function buffersOf(value: unknown): readonly ArrayBuffer[] {
  if (typeof value !== 'object' || value === null) return [];
  const buffers = new Set<ArrayBuffer>();
  for (const field of Object.values(value)) {
    // a view of a part (a Node Buffer is one of a pool) must not take the whole with it
    if (
      ArrayBuffer.isView(field) &&
      field.buffer instanceof ArrayBuffer &&
      field.byteLength === field.buffer.byteLength
    ) {
      buffers.add(field.buffer);
    }
  }
  return [...buffers];
}

/** Answers whoever started this thread or process, for as long as it lives. */
export function serveParent(served: Served): void {
  const to = parent();
  const answer = async ({ id, method, input }: Ask): Promise<void> => {
    try {
      const value = await served.answer(method, input);
      to.post({ id, ok: true, value, notes: served.notes?.() ?? [] }, buffersOf(value));
    } catch (error) {
      to.post({ id, ok: false, error: errorInfo(error), notes: served.notes?.() ?? [] }, []);
    }
  };
  to.onAsk((ask) => void answer(ask));
  to.onEnd?.(() => {
    served.close?.();
    process.exit();
  });
}
