import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMemory, writeMemory } from '#renderer/features/launch/model/memory.ts';
import { readWalltime, writeWalltime } from '#renderer/features/launch/model/walltime.ts';

describe('a walltime', () => {
  test.each([
    ['1:30:00', 5400],
    ['0:00:30', 30],
    ['100:00:00', 360_000],
    ['1-06:00:00', 108_000],
    ['90 min', 5400],
    ['1 d 6 h', 108_000],
    ['2h', 7200],
    ['1h30min', 5400],
    ['1.5 h', 5400],
    ['1,5 h', 5400],
    ['45 s', 45],
    ['  2 hours  ', 7200],
  ])('is read from %s', (text, seconds) => {
    expect(readWalltime(text)).toBe(seconds);
  });

  test.each([
    '3600',
    '1:30',
    '1:60:00',
    '1:00:75',
    'a day',
    '1:30:00:00',
    '2 fortnights',
    '-1:00:00',
    '1 h x',
    '1,000 s',
  ])('is not guessed from %s', (text) => {
    expect(readWalltime(text)).toBeNaN();
  });

  test('may be left open', () => {
    expect(readWalltime('')).toBeNull();
    expect(readWalltime('  ')).toBeNull();
  });

  test('is read back as it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        expect(readWalltime(writeWalltime(seconds))).toBe(seconds);
      }),
    );
  });
});

describe('memory', () => {
  test.each([
    ['4 GB', 4 * 1024 ** 2],
    ['4GiB', 4 * 1024 ** 2],
    ['1.5 g', 1.5 * 1024 ** 2],
    ['512 MB', 512 * 1024],
    ['2048 kB', 2048],
    ['1 TB', 1024 ** 3],
  ])('is read from %s', (text, kb) => {
    expect(readMemory(text)).toBe(kb);
  });

  test.each(['4000', '4 GHz', 'lots', '-1 GB', '1 2 GB', '1,024 MB'])('is not guessed from %s', (text) => {
    expect(readMemory(text)).toBeNaN();
  });

  test('is read back as it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (kb) => {
        expect(readMemory(writeMemory(kb))).toBe(kb);
      }),
    );
  });
});
