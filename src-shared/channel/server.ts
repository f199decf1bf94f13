import { z } from 'zod';
import { errorInfo, userError } from '../base/errors.ts';
import type { Call, OutputOf, ParsedInputOf, Stream, Table } from '../contract/define.ts';
import { asClientFrame, type ChannelPort, type ClientFrame } from './frames.ts';

/** What a handler knows besides its input. */
export interface HandlerContext {
  /** Aborts when the asker cancels or is gone. */
  readonly signal: AbortSignal;
}

/** One function for each entry of the table; a stream's returns an async iterable. */
export type Handlers<T extends Table> = {
  readonly [Name in keyof T]: T[Name] extends Call
    ? (
        input: ParsedInputOf<T[Name]>,
        context: HandlerContext,
      ) => OutputOf<T[Name]> | Promise<OutputOf<T[Name]>>
    : T[Name] extends Stream
      ? (input: ParsedInputOf<T[Name]>, context: HandlerContext) => AsyncIterable<OutputOf<T[Name]>>
      : never;
};

interface Running {
  readonly abort: AbortController;
  credit: number;
  /** Ends what the stream waits for now: credit, or its next item. */
  wake: (() => void) | null;
}

type AnyHandler = (input: unknown, context: HandlerContext) => unknown;

/** Serves a contract on one port until it closes. `onError` sees what a handler threw, for the log. */
export function serve<T extends Table>(
  table: T,
  handlers: Handlers<T>,
  port: ChannelPort,
  onError: (name: string, thrown: unknown) => void = () => {},
): void {
  const running = new Map<number, Running>();

  const start = async (frame: Extract<ClientFrame, { kind: 'call' | 'listen' }>): Promise<void> => {
    const { id, name } = frame;
    const credit = frame.kind === 'listen' ? frame.credit : 0;
    const self: Running = { abort: new AbortController(), credit, wake: null };
    running.set(id, self);
    const signal = self.abort.signal;
    try {
      const entry = Object.hasOwn(table, name) ? table[name] : undefined;
      const wanted = frame.kind === 'call' ? 'call' : 'stream';
      if (entry === undefined || entry.kind !== wanted) {
        throw userError({ code: 'unknown-name', message: `The core has no ${wanted} “${name}”.` });
      }
      const input = parse(entry.input, frame.input, name);
      const handler = handlers[name as keyof T] as AnyHandler;
      if (entry.kind === 'call') {
        const value = await handler(input, { signal });
        if (!signal.aborted) port.send({ kind: 'reply', id, value });
        return;
      }
      const items = (handler(input, { signal }) as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      await pump(id, self, items, name);
      if (!signal.aborted) port.send({ kind: 'end', id });
    } catch (thrown) {
      if (signal.aborted) return;
      onError(name, thrown);
      port.send({ kind: 'error', id, error: errorInfo(thrown) });
    } finally {
      running.delete(id);
    }
  };

  /** Sends items as long as there is credit for them, until they end or the asker is gone. */
  const pump = async (
    id: number,
    self: Running,
    items: AsyncIterator<unknown>,
    name: string,
  ): Promise<void> => {
    let finished = false;
    try {
      for (;;) {
        if (self.abort.signal.aborted) return;
        if (self.credit <= 0) await pause(self);
        else {
          const next = await nextItem(self, items);
          if (next === null) return;
          finished = next.done === true;
          if (finished) return;
          self.credit--;
          port.send({ kind: 'event', id, value: next.value });
        }
      }
    } finally {
      // Not awaited: a generator that waits for something returns only when that comes; it has the signal.
      if (!finished) void items.return?.().then(undefined, (thrown) => onError(name, thrown));
    }
  };

  const cancel = (id: number): void => {
    const self = running.get(id);
    self?.abort.abort();
    self?.wake?.();
  };

  port.onFrame((raw) => {
    const frame = asClientFrame(raw);
    if (frame === null) return;
    switch (frame.kind) {
      case 'call':
      case 'listen':
        if (!running.has(frame.id)) void start(frame);
        break;
      case 'credit': {
        const self = running.get(frame.id);
        if (self === undefined) break;
        self.credit += frame.count;
        self.wake?.();
        break;
      }
      case 'cancel':
        cancel(frame.id);
        break;
    }
  });
  port.onClose(() => {
    for (const id of running.keys()) cancel(id);
  });
}

const pause = (self: Running): Promise<void> =>
  new Promise((resolve) => {
    self.wake = resolve;
  });

/** Null when the stream is cancelled first. No `Promise.race`: it would keep one reaction for each item until then. */
const nextItem = (self: Running, items: AsyncIterator<unknown>): Promise<IteratorResult<unknown> | null> =>
  new Promise((resolve, reject) => {
    self.wake = () => {
      if (self.abort.signal.aborted) resolve(null);
    };
    items.next().then(resolve, reject);
  });

function parse(schema: z.ZodType, input: unknown, name: string): unknown {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw userError({
    code: 'bad-input',
    message: `The input of “${name}” is not valid.`,
    details: z.prettifyError(parsed.error),
  });
}
