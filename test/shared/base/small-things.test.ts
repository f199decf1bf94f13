import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertNever, ensure } from '#shared/base/assert.ts';
import { formatBytes, toHex } from '#shared/base/bytes.ts';
import { sleep } from '#shared/base/clock.ts';
import { deferred } from '#shared/base/deferred.ts';
import { Emitter } from '#shared/base/emitter.ts';
import { Lru } from '#shared/base/lru.ts';
import { seededRandom } from '#shared/base/random.ts';
import { err, ok } from '#shared/base/result.ts';
import { formatAgo, formatDuration, formatLocal } from '#shared/base/time.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

describe('asserting', () => {
  test('a value that is there comes back, also 0 and the empty text', () => {
    expect(ensure(0, 'a number')).toBe(0);
    expect(ensure('', 'a text')).toBe('');
  });

  test('a value that is not there throws and says which', () => {
    expect(() => ensure(null, 'the profile')).toThrow('the profile');
    expect(() => ensure(undefined, 'the profile')).toThrow('the profile');
  });

  test('a case that cannot be throws when it is', () => {
    expect(() => assertNever('surprise' as never)).toThrow('surprise');
  });
});

describe('bytes for people', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [1500, '1.50 kB'],
    [9994, '9.99 kB'],
    [9996, '10.0 kB'],
    [99_960, '100 kB'],
    [999_600, '1.00 MB'],
    [20_000_000_000, '20.0 GB'],
    [3e15, '3.00 PB'],
    [3e18, '3000 PB'],
  ])('%d is %s', (count, text) => expect(formatBytes(count)).toBe(text));

  test('never have more than three digits below the last unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 49 }), (count) => {
        expect(formatBytes(count).replaceAll(/\D/g, '').length).toBeLessThanOrEqual(3);
      }),
    );
  });
});

test('hexadecimal text is that of Buffer', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
    }),
  );
});

describe('time for people', () => {
  test.each([
    [-5, '00:00'],
    [31_000, '00:31'],
    [134_000, '02:14'],
    [3_734_000, '1:02:14'],
    [3 * 86_400_000 + 4 * 3_600_000 + 600_000, '3 d 04:10'],
  ])('a duration of %d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  test.each([
    [200, 'just now'],
    [3000, '3 s ago'],
    [5 * 60_000, '5 min ago'],
    [2 * 3_600_000, '2 h ago'],
    [4 * 86_400_000, '4 d ago'],
    [40 * 86_400_000, '2026-01-20'],
  ])('%d ms ago is “%s”', (ms, text) => {
    const now = Date.UTC(2026, 2, 1);
    expect(formatAgo(now - ms, now)).toBe(text);
  });

  test('a moment stands in the zone of this machine', () => {
    expect(formatLocal(new Date(2026, 10, 22, 14, 3, 9).getTime())).toBe('2026-11-22 14:03:09');
  });
});

describe('sleeping on a clock', () => {
  test('ends when the time has come, and leaves no timer', async () => {
    const clock = new VirtualClock();
    let awake = false;
    const done = sleep(clock, 1000).then(() => (awake = true));
    await clock.advance(999);
    expect(awake).toBe(false);
    await clock.advance(1);
    await done;
    expect(clock.due).toEqual([]);
  });

  test('ends with the reason of the signal, before or while it sleeps, and takes its timer away', async () => {
    const clock = new VirtualClock();
    await expect(sleep(clock, 1000, AbortSignal.abort('early'))).rejects.toBe('early');
    const abort = new AbortController();
    const sleeping = sleep(clock, 1000, abort.signal);
    abort.abort('late');
    await expect(sleeping).rejects.toBe('late');
    expect(clock.due).toEqual([]);
  });
});

describe('an emitter', () => {
  test('tells everybody who listens, until they stop', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    const stop = emitter.on((value) => heard.push(`a${value}`));
    emitter.on((value) => heard.push(`b${value}`));
    emitter.emit(1);
    stop();
    emitter.emit(2);
    expect(heard).toEqual(['a1', 'b1', 'b2']);
    expect(emitter.size).toBe(1);
  });
});

describe('a map that forgets', () => {
  test('keeps what was used last, as a plain list of uses says', () => {
    const operation = fc.record({ isSet: fc.boolean(), key: fc.integer({ min: 0, max: 8 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(operation), (capacity, operations) => {
        const lru = new Lru<number, number>(capacity);
        let uses: number[] = [];
        operations.forEach(({ isSet, key }, i) => {
          const known = uses.includes(key);
          if (isSet) lru.set(key, i);
          else expect(lru.get(key) !== undefined).toBe(known);
          if (isSet || known) uses = [...uses.filter((one) => one !== key), key].slice(-capacity);
          expect(lru.size).toBe(uses.length);
        });
      }),
    );
  });

  test('forgets one key, or all', () => {
    const lru = new Lru<string, number>(3);
    lru.set('a', 1);
    lru.set('b', 2);
    lru.delete('a');
    expect(lru.get('a')).toBeUndefined();
    lru.clear();
    expect(lru.size).toBe(0);
  });
});

describe('seeded randomness', () => {
  test('is the same for the same seed and stays in its range', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [a, b] = [seededRandom(seed), seededRandom(seed)];
        for (let i = 0; i < 20; i++) {
          const value = a.next();
          expect(value).toBe(b.next());
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThan(1);
        }
        expect(a.bytes(16)).toEqual(b.bytes(16));
      }),
    );
  });

  test('is spread evenly enough for jitter', () => {
    const random = seededRandom(1);
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i++) {
      const bucket = Math.floor(random.next() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

test('a deferred promise is settled from outside', async () => {
  const good = deferred<number>();
  good.resolve(3);
  await expect(good.promise).resolves.toBe(3);
  const bad = deferred<number>();
  bad.reject(new Error('no'));
  await expect(bad.promise).rejects.toThrow('no');
});

test('a result says which of the two it is', () => {
  expect([ok(1), err('bad')]).toEqual([
    { ok: true, value: 1 },
    { ok: false, error: 'bad' },
  ]);
});
