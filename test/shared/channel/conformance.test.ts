import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryCarrier, webSocketCarrier, workerCarrier, type Carrier, type Open } from './carriers.ts';
import type { ConformanceTable } from './conformance-core.ts';

// One suite for every carrier: what holds in a test of a feature over memory holds in the app over the others.
const carriers: readonly (readonly [string, () => Carrier | Promise<Carrier>])[] = [
  ['in memory', memoryCarrier],
  ['a MessagePort to a thread', workerCarrier],
  ['a WebSocket', webSocketCarrier],
];

/** How far a stream may run ahead of its reader: the credit that a client gives at the start. */
const window = 4;

describe.each(carriers)('a channel over %s', (name, start) => {
  let carrier: Carrier;
  beforeAll(async () => {
    carrier = await start();
  });
  afterAll(() => carrier.close());

  const connect = async (): Promise<Open & { readonly client: Client<ConformanceTable> }> => {
    const open = await carrier.open();
    const client = connectClient<ConformanceTable>(open.port);
    onTestFinished(() => client.close());
    return { ...open, client };
  };
  const settled = (client: Client<ConformanceTable>) =>
    expect.poll(() => client.call('inspect', {}), { interval: 5, timeout: 30_000 });

  describe('a call', () => {
    test('gives back what it was asked', async () => {
      const { client } = await connect();
      const value = { a: [1, 'é', null, true, { b: '\uD800' }], $bytes: 'no array', __proto: 1 };
      expect(await client.call('echo', { value })).toEqual({ value });
    });

    test('has the defaults of its schema filled in', async () => {
      const { client } = await connect();
      expect(await client.call('withDefault', {})).toEqual({ n: 42 });
    });

    test('answers a thousand askers at once, each with its own answer', async () => {
      const { client } = await connect();
      const asked = Array.from({ length: 1000 }, (_, value) => value);
      const answers = await Promise.all(asked.map((value) => client.call('echo', { value })));
      expect(answers.map(({ value }) => value)).toEqual(asked);
    });

    test.each([
      ['user', { family: 'user', code: 'u', message: 'm', subject: 's', hint: 'h', details: 'd' }],
      ['operational', { family: 'operational', code: 'o', message: 'the network is gone' }],
      ['unexpected', { family: 'unexpected', code: 'unexpected', message: 'a defect' }],
      ['abort', { family: 'user', code: 'cancelled' }],
      ['text', { family: 'unexpected', message: 'words' }],
      ['uncloneable', { family: 'unexpected' }],
    ] as const)('that fails (%s) gives the error with its family and all its words', async (how, error) => {
      const { client } = await connect();
      await expect(client.call('fail', { how })).rejects.toMatchObject({ name: 'StemmaError', ...error });
      expect(await client.call('echo', { value: 1 })).toEqual({ value: 1 });
    });

    test('with an input that is not valid says what is wrong with it', async () => {
      const { client } = await connect();
      const wrong = { n: 'x' } as unknown as { n: number };
      await expect(client.call('withDefault', wrong)).rejects.toMatchObject({
        family: 'user',
        code: 'bad-input',
        details: expect.stringContaining('n'),
      });
    });

    test.each(['nothing', 'toString', '__proto__', 'count'])(
      'of an unknown name is refused: %s',
      async (unknown) => {
        const { client } = await connect();
        await expect(client.call(unknown as 'echo', { value: 1 })).rejects.toMatchObject({
          code: 'unknown-name',
        });
      },
    );

    test('with an input that no carrier takes is refused and forgotten', async () => {
      const { client } = await connect();
      const value = Object.defineProperty({}, 'x', {
        enumerable: true,
        get() {
          throw new Error('no getter crosses');
        },
      });
      await expect(client.call('echo', { value })).rejects.toThrow();
      expect(await client.call('echo', { value: 1 })).toEqual({ value: 1 });
    });

    test('that is cancelled ends at both sides', async () => {
      const { client } = await connect();
      const abort = new AbortController();
      const hanging = client.call('hang', {}, abort.signal);
      await settled(client).toMatchObject({ running: 1 });
      abort.abort();
      await expect(hanging).rejects.toMatchObject({ family: 'user', code: 'cancelled' });
      await settled(client).toMatchObject({ running: 0, cancelled: 1 });
    });

    test('that was cancelled before it began is never sent', async () => {
      const { client } = await connect();
      await expect(client.call('hang', {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
      expect(await client.call('inspect', {})).toMatchObject({ running: 0, cancelled: 0 });
    });
  });

  describe('typed arrays', () => {
    test.each([0, 1, 3, 1000, 1_000_000])('of %i elements cross as what they are', async (length) => {
      const { client } = await connect();
      const columns = await client.call('columns', { length });
      const last = length - 1;
      expect(columns.u8).toBeInstanceOf(Uint8Array);
      expect(columns.f64).toBeInstanceOf(Float64Array);
      for (const column of [columns.u8, columns.u32, columns.i32, columns.f32, columns.f64]) {
        expect(column).toHaveLength(length);
      }
      if (length > 0) {
        expect(columns.u8[last]).toBe(200);
        expect(columns.u32[last]).toBe(4_000_000_000 + last);
        expect(columns.i32[last]).toBe(-last || 0);
        expect(columns.f32[last]).toBe(0.5);
        expect(columns.f64[last]).toBe(last / 3);
      }
      expect(columns.words).toEqual(['é', '\u2028', '']);
    });

    test('go the other way too, and only the part that they show', async () => {
      const { client } = await connect();
      const whole = new Uint8Array(5_000_000).fill(1);
      expect(await client.call('sum', { bytes: whole.subarray(1, 4_000_001) })).toEqual({ sum: 4_000_000 });
      expect(await client.call('sum', { bytes: Buffer.from([1, 2, 3]) })).toEqual({ sum: 6 });
    });

    test('stand beside foreign data that looks like ours', async () => {
      const { client } = await connect();
      const value = {
        bytes: Uint8Array.of(1, 2),
        foreign: { $bytes: ['Uint8Array', 0, 2], x: { $bytes: 1 } },
      };
      expect(await client.call('echo', { value })).toEqual({ value });
    });
  });

  describe('a stream', () => {
    test('gives every item in order and ends', async () => {
      const { client } = await connect();
      const seen: number[] = [];
      for await (const { n } of client.listen('count', { to: 1000 })) seen.push(n);
      expect(seen).toEqual(Array.from({ length: 1000 }, (_, n) => n));
      expect(await client.call('inspect', {})).toMatchObject({ produced: 1000, ended: 1, running: 0 });
    });

    test('never runs ahead of a slow reader by more than its window', async () => {
      const { client } = await connect();
      let read = 0;
      for await (const { n } of client.listen('count', { to: 40 })) {
        read++;
        expect(n).toBe(read - 1);
        await new Promise((resolve) => setTimeout(resolve, 2));
        const { produced } = await client.call('inspect', {});
        expect(produced - read).toBeLessThanOrEqual(window);
      }
      expect(read).toBe(40);
    });

    test('that nobody reads stops at its window', async () => {
      const { client } = await connect();
      client.listen('count', { to: 1_000_000 });
      await settled(client).toMatchObject({ produced: window });
      await client.call('echo', { value: new Uint8Array(1000) });
      expect(await client.call('inspect', {})).toMatchObject({ produced: window });
    });

    test('that is left early is cancelled at the server', async () => {
      const { client } = await connect();
      for await (const { n } of client.listen('count', { to: 1_000_000 })) if (n === 10) break;
      await settled(client).toMatchObject({ ended: 1, running: 0 });
    });

    test('that is left before it was read is cancelled too', async () => {
      const { client } = await connect();
      const items = client.listen('count', { to: 1_000_000 });
      await settled(client).toMatchObject({ running: 1 });
      await items.return?.();
      await settled(client).toMatchObject({ ended: 1, running: 0 });
    });

    test('that is left while it waits for an item ends at once', async () => {
      const { client } = await connect();
      const items = client.listen('silent', {});
      expect(await items.next()).toEqual({ done: false, value: { n: 0 } });
      const waiting = items.next();
      await items.return?.();
      expect(await waiting).toEqual({ done: true, value: undefined });
      await settled(client).toMatchObject({ ended: 1, running: 0 });
    });

    test('ends quietly when its signal aborts', async () => {
      const { client } = await connect();
      const abort = new AbortController();
      const seen: number[] = [];
      for await (const { n } of client.listen('count', { to: 1_000_000 }, abort.signal)) {
        seen.push(n);
        if (n === 5) abort.abort();
      }
      expect(seen.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(seen.length).toBeLessThanOrEqual(6 + window);
      await settled(client).toMatchObject({ ended: 1, running: 0 });
    });

    test('that fails gives all its items and then the error', async () => {
      const { client } = await connect();
      const seen: number[] = [];
      const reading = (async () => {
        for await (const { n } of client.listen('failing', { after: 3 })) seen.push(n);
      })();
      await expect(reading).rejects.toMatchObject({ family: 'operational', code: 'broken' });
      expect(seen).toEqual([0, 1, 2]);
    });

    test('whose item no carrier takes fails, and its source ends', async () => {
      const { client } = await connect();
      await expect(client.listen('uncloneable', {}).next()).rejects.toMatchObject({ family: 'unexpected' });
      await settled(client).toMatchObject({ ended: 1, running: 0 });
    });

    test('of a name that is a call is refused', async () => {
      const { client } = await connect();
      await expect(client.listen('echo' as 'count', { to: 1 }).next()).rejects.toMatchObject({
        code: 'unknown-name',
      });
    });

    test('runs beside others without mixing with them', async () => {
      const { client } = await connect();
      const read = async (to: number): Promise<number> => {
        let sum = 0;
        for await (const { n } of client.listen('count', { to })) sum += n;
        return sum;
      };
      const sums = await Promise.all(Array.from({ length: 50 }, (_, to) => read(to)));
      expect(sums).toEqual(Array.from({ length: 50 }, (_, to) => Math.max(0, (to * (to - 1)) / 2)));
    });
  });

  describe('the end', () => {
    test('of the server ends every call and stream in flight, in words', async () => {
      const { client, cutServer } = await connect();
      const closed = new Promise<void>((resolve) => {
        client.onClose(resolve);
      });
      const call = client.call('hang', {});
      const items = client.listen('silent', {});
      await items.next();
      const item = items.next();
      cutServer();
      await expect(call).rejects.toMatchObject({ family: 'operational', code: 'disconnected' });
      await expect(item).rejects.toMatchObject({ code: 'disconnected' });
      await closed;
      await expect(client.call('echo', { value: 1 })).rejects.toMatchObject({ code: 'disconnected' });
      await expect(client.listen('count', { to: 1 }).next()).rejects.toMatchObject({ code: 'disconnected' });
    });

    test('of the client does the same, twice as well as once', async () => {
      const { client } = await connect();
      const call = client.call('hang', {});
      client.close();
      client.close();
      await expect(call).rejects.toMatchObject({ code: 'disconnected' });
    });
  });

  test('messages that are no frames are ignored, and the channel goes on', async () => {
    const { client, sendRaw } = await connect();
    const garbage = [
      null,
      7,
      'call',
      [],
      {},
      { kind: 'call' },
      { kind: 'call', id: 'x', name: 'echo' },
      { kind: 'call', id: 1.5, name: 'echo' },
      { kind: 'call', id: 900, name: 5 },
      { kind: 'listen', id: 901, name: 'count', input: { to: 5 }, credit: -1 },
      { kind: 'credit', id: 902, count: 'many' },
      { kind: 'cancel', id: 99_999 },
      { kind: 'credit', id: 99_999, count: 5 },
      { kind: 'reply', id: 1, value: 'forged' },
      { kind: 'shutdown', id: 1 },
    ];
    for (const message of garbage) sendRaw(message);
    expect(await client.call('echo', { value: name })).toEqual({ value: name });
    expect(await client.call('inspect', {})).toMatchObject({ produced: 0, running: 0 });
  });
});
