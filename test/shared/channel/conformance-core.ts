import { z } from 'zod';
import { operationalError, userError } from '#shared/base/errors.ts';
import { command, query, stream } from '#shared/contract/define.ts';
import type { Handlers } from '#shared/channel/server.ts';

const anything = z.custom<unknown>(() => true);
const columns = z.object({
  u8: z.instanceof(Uint8Array),
  u32: z.instanceof(Uint32Array),
  i32: z.instanceof(Int32Array),
  f32: z.instanceof(Float32Array),
  f64: z.instanceof(Float64Array),
  words: z.array(z.string()),
});

/** A contract that shows everything a channel can do, and lets a test look behind the server. */
export const conformanceTable = {
  echo: query(z.object({ value: anything }), z.object({ value: anything })),
  withDefault: query(z.object({ n: z.number().int().default(41) }), z.object({ n: z.number() })),
  fail: command(
    z.object({ how: z.enum(['user', 'operational', 'unexpected', 'abort', 'text', 'uncloneable']) }),
    z.object({ value: anything }),
  ),
  /** Answers only when it is cancelled. */
  hang: query(z.object({}), z.object({})),
  columns: query(z.object({ length: z.number() }), columns),
  sum: query(z.object({ bytes: z.instanceof(Uint8Array) }), z.object({ sum: z.number() })),
  count: stream(z.object({ to: z.number() }), z.object({ n: z.number() })),
  failing: stream(z.object({ after: z.number() }), z.object({ n: z.number() })),
  uncloneable: stream(z.object({}), z.object({ value: anything })),
  /** Waits for ever after its first item. */
  silent: stream(z.object({}), z.object({ n: z.number() })),
  inspect: query(
    z.object({}),
    z.object({ produced: z.number(), ended: z.number(), cancelled: z.number(), running: z.number() }),
  ),
};
export type ConformanceTable = typeof conformanceTable;

/** A new core for each test; its counters are what `inspect` gives. */
export function conformanceHandlers(): Handlers<ConformanceTable> {
  const seen = { produced: 0, ended: 0, cancelled: 0, running: 0 };
  const untilAborted = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  const counted = async function* <Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    seen.running++;
    try {
      for await (const item of items) {
        seen.produced++;
        yield item;
      }
    } finally {
      seen.running--;
      seen.ended++;
    }
  };
  const numbers = async function* (to: number): AsyncGenerator<{ n: number }> {
    for (let n = 0; n < to; n++) yield { n };
  };
  return {
    echo: ({ value }) => ({ value }),
    withDefault: ({ n }) => ({ n: n + 1 }),
    fail({ how }) {
      switch (how) {
        case 'user':
          throw userError({ code: 'u', message: 'm', subject: 's', hint: 'h', details: 'd' });
        case 'operational':
          throw operationalError({ code: 'o', message: 'the network is gone' }, new Error('cause'));
        case 'unexpected':
          throw new TypeError('a defect');
        case 'abort':
          throw new DOMException('stop', 'AbortError');
        case 'text':
          // eslint-disable-next-line no-throw-literal -- just that is tested
          throw 'words';
        case 'uncloneable':
          return { value: { big: 1n, run: () => 1 } };
      }
    },
    async hang(_input, { signal }) {
      seen.running++;
      await untilAborted(signal);
      seen.running--;
      seen.cancelled++;
      return {};
    },
    columns: ({ length }) => ({
      u8: new Uint8Array(length).fill(200),
      u32: Uint32Array.from({ length }, (_, i) => i + 4_000_000_000),
      i32: Int32Array.from({ length }, (_, i) => -i),
      f32: new Float32Array(length).fill(0.5),
      f64: Float64Array.from({ length }, (_, i) => i / 3),
      words: ['é', '\u2028', ''],
    }),
    sum: ({ bytes }) => ({ sum: bytes.reduce((sum, byte) => sum + byte, 0) }),
    count: ({ to }) => counted(numbers(to)),
    failing: ({ after }) =>
      counted(
        (async function* () {
          yield* numbers(after);
          throw operationalError({ code: 'broken', message: 'The stream broke.' });
        })(),
      ),
    uncloneable: () =>
      counted(
        (async function* () {
          for (;;) yield { value: { big: 1n, run: () => 1 } };
        })(),
      ),
    silent: (_input, { signal }) =>
      counted(
        (async function* () {
          yield { n: 0 };
          await untilAborted(signal);
        })(),
      ),
    inspect: () => ({ ...seen }),
  };
}
