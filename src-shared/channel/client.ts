import { StemmaError, type ErrorInfo } from '../base/errors.ts';
import { deferred, type Deferred } from '../base/deferred.ts';
import type { CallName, InputOf, OutputOf, StreamName, Table } from '../contract/define.ts';
import { asServerFrame, type ChannelPort } from './frames.ts';

/** The asking side of a contract. */
export interface Client<T extends Table> {
  /** @throws StemmaError as the server threw it; `cancelled` when the signal aborts; `disconnected` */
  call<Name extends CallName<T>>(
    name: Name,
    input: InputOf<T[Name]>,
    signal?: AbortSignal,
  ): Promise<OutputOf<T[Name]>>;
  /** Ends when the server ends it; leaving the loop cancels it. Items wait at the server until they are asked for. */
  listen<Name extends StreamName<T>>(
    name: Name,
    input: InputOf<T[Name]>,
    signal?: AbortSignal,
  ): AsyncIterableIterator<OutputOf<T[Name]>>;
  onClose(listener: () => void): void;
  close(): void;
}

/** Events a stream may send ahead of the reader. */
const window = 4;

interface PendingStream {
  readonly queue: unknown[];
  ended: { readonly error: ErrorInfo | null } | null;
  wake: Deferred<void> | null;
}

const disconnected: ErrorInfo = {
  family: 'operational',
  code: 'disconnected',
  message: 'The connection to the core of Stemma is closed.',
  hint: 'It is opened again by itself when the core answers.',
};

/**
 * The contract from the side that asks. When the port closes, every call is rejected and every stream ends with
 * `disconnected`; a new port needs a new client.
 */
export function connectClient<T extends Table>(port: ChannelPort): Client<T> {
  const calls = new Map<number, Deferred<unknown>>();
  const streams = new Map<number, PendingStream>();
  const closeListeners: (() => void)[] = [];
  let nextId = 1;
  let closed = false;

  const endStream = (id: number, error: ErrorInfo | null): void => {
    const pending = streams.get(id);
    if (pending === undefined) return;
    streams.delete(id);
    pending.ended = { error };
    pending.wake?.resolve();
  };

  port.onFrame((raw) => {
    const frame = asServerFrame(raw);
    if (frame === null) return;
    switch (frame.kind) {
      case 'reply':
        calls.get(frame.id)?.resolve(frame.value);
        calls.delete(frame.id);
        break;
      case 'event': {
        const pending = streams.get(frame.id);
        pending?.queue.push(frame.value);
        pending?.wake?.resolve();
        break;
      }
      case 'end':
        endStream(frame.id, null);
        break;
      case 'error':
        calls.get(frame.id)?.reject(new StemmaError(frame.error));
        calls.delete(frame.id);
        endStream(frame.id, frame.error);
        break;
    }
  });

  port.onClose(() => {
    closed = true;
    for (const call of calls.values()) call.reject(new StemmaError(disconnected));
    calls.clear();
    for (const id of streams.keys()) endStream(id, disconnected);
    for (const listener of closeListeners) listener();
  });

  return {
    call(name, input, signal) {
      if (closed) return Promise.reject(new StemmaError(disconnected));
      const id = nextId++;
      const answer = deferred<unknown>();
      const onAbort = (): void => {
        if (!calls.delete(id)) return;
        port.send({ kind: 'cancel', id });
        answer.reject(
          new StemmaError({ family: 'user', code: 'cancelled', message: 'The operation was cancelled.' }),
        );
      };
      calls.set(id, answer);
      if (signal?.aborted === true) onAbort();
      else {
        signal?.addEventListener('abort', onAbort, { once: true });
        try {
          port.send({ kind: 'call', id, name, input });
        } catch (thrown) {
          // An input that the carrier cannot clone.
          calls.delete(id);
          answer.reject(thrown);
        }
      }
      const whole = answer.promise.finally(() => signal?.removeEventListener('abort', onAbort));
      return whole as Promise<OutputOf<T[typeof name]>>;
    },

    listen(name, input, signal) {
      const id = nextId++;
      const pending: PendingStream = { queue: [], ended: null, wake: null };
      const stop = (): void => {
        if (!streams.has(id)) return;
        port.send({ kind: 'cancel', id });
        endStream(id, null);
      };
      if (closed) pending.ended = { error: disconnected };
      else if (signal?.aborted === true) pending.ended = { error: null };
      else {
        port.send({ kind: 'listen', id, name, input, credit: window });
        streams.set(id, pending);
        signal?.addEventListener('abort', stop, { once: true });
      }
      const items = consume<OutputOf<T[typeof name]>>(
        pending,
        () => streams.has(id) && port.send({ kind: 'credit', id, count: 1 }),
        () => {
          signal?.removeEventListener('abort', stop);
          stop();
        },
      );
      return {
        next: () => items.next(),
        // First of all: a generator that waits for an item would return only when that comes.
        return(value) {
          stop();
          return items.return(value as undefined);
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },

    onClose(listener) {
      closeListeners.push(listener);
    },

    close: () => port.close(),
  };
}

async function* consume<Item>(
  pending: PendingStream,
  giveCredit: () => void,
  stop: () => void,
): AsyncGenerator<Item, undefined> {
  try {
    for (;;) {
      while (pending.queue.length > 0) {
        giveCredit();
        yield pending.queue.shift() as Item;
      }
      if (pending.ended !== null) {
        if (pending.ended.error !== null) throw new StemmaError(pending.ended.error);
        return undefined;
      }
      pending.wake = deferred<void>();
      await pending.wake.promise;
      pending.wake = null;
    }
  } finally {
    stop();
  }
}
