import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { askDisk, DiskRoom, leastFree, reserveBytes, type DiskFacts } from '#main/profile/disk-room.ts';
import { fileReserve } from '#main/profile/reserve.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const total = 200e9;
/** Of such a disk. */
const least = 4e9;

async function watched(free: number, ofTotal = total) {
  const clock = new VirtualClock();
  const disk = { free, total: ofTotal, asked: 0, fails: false };
  const held: { bytes: number | null; releases: number } = { bytes: null, releases: 0 };
  const thrown: unknown[] = [];
  const changes: boolean[] = [];
  const room = new DiskRoom({
    directory: '/profile',
    ask: async (): Promise<DiskFacts> => {
      disk.asked++;
      if (disk.fails) throw new Error('no answer');
      return { free: disk.free, total: disk.total };
    },
    reserve: {
      held: async (bytes) => held.bytes === bytes,
      make: async (bytes) => {
        held.bytes = bytes;
      },
      release: () => {
        held.bytes = null;
        held.releases++;
      },
    },
    clock,
    onError: (error) => thrown.push(error),
  });
  room.changes.on(() => changes.push(room.isShort));
  onTestFinished(() => room.close());
  await room.start();
  return { room, clock, disk, held, thrown, changes };
}

describe('what must be free', () => {
  test.each([
    ['a container of 1 GB', 1e9, 0.1e9, 20e6],
    ['a disk of 4 GB', 4e9, 0.4e9, 64e6],
    ['a disk of 20 GB', 20e9, 2e9, 64e6],
    ['a laptop with 100 GB', 100e9, 2e9, 64e6],
    ['a laptop with 1 TB', 1000e9, 20e9, 64e6],
  ])('of %s', (_, size, free, reserve) => {
    expect([leastFree(size), reserveBytes(size)]).toEqual([free, reserve]);
  });

  test('grows with the disk and is never more than a tenth of it, and the reserve always fits into it', () => {
    const size = fc.double({ min: 1, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)];
        expect(leastFree(small)).toBeLessThanOrEqual(leastFree(large));
        expect(leastFree(small)).toBeLessThanOrEqual(small * 0.1);
        expect(reserveBytes(small)).toBeLessThan(leastFree(small));
      }),
    );
  });
});

describe('the room on a disk', () => {
  test('is asked for rarely, and where there is enough nothing is refused and a reserve is held', async () => {
    const { room, clock, disk, held, changes } = await watched(50e9);
    expect([room.refusal(), room.refusal(46e9)]).toEqual([null, null]);
    expect(held.bytes).toBe(64e6);
    await clock.advance(600_000);
    expect(disk.asked).toBe(21);
    expect(changes).toEqual([]);
  });

  test('that something needs which is too large is told with what is there and what is needed', async () => {
    const { room } = await watched(50e9);
    expect(room.refusal(47e9)).toMatchObject({
      family: 'operational',
      code: 'local-disk-short',
      message: 'The disk of this profile has 50.0 GB left, and 47.0 GB are needed: nothing new is begun.',
    });
  });

  test('that runs short is found, said once, and said once more when there is clearly enough again', async () => {
    const { room, clock, disk, changes } = await watched(50e9);
    disk.free = least - 1;
    await clock.advance(30_000);
    expect(room.refusal()).toMatchObject({
      code: 'local-disk-short',
      message: 'The disk of this profile has 4.00 GB left: nothing new is begun.',
      hint: expect.stringContaining('4.40 GB must be free'),
    });
    disk.free = least * 1.05;
    await clock.advance(60_000);
    expect(room.isShort).toBe(true);
    disk.free = least * 1.1;
    await clock.advance(5_000);
    expect([room.refusal(), changes]).toEqual([null, [true, false]]);
  });

  test('that is none any more frees the reserve, which is made again when there is room for it', async () => {
    const { room, clock, disk, held } = await watched(50e9);
    disk.free = 1e6;
    room.full();
    expect([room.isShort, held]).toEqual([true, { bytes: null, releases: 1 }]);
    await clock.advance(60_000);
    expect(held.bytes).toBeNull();
    disk.free = 50e9;
    await clock.advance(5_000);
    expect([room.isShort, held.bytes]).toEqual([false, 64e6]);
  });

  test('that cannot be asked for is what it was last', async () => {
    const { room, clock, disk, thrown } = await watched(50e9);
    disk.fails = true;
    await clock.advance(60_000);
    expect([room.isShort, thrown.length]).toEqual([false, 2]);
    disk.fails = false;
    disk.free = 0;
    await clock.advance(30_000);
    expect(room.isShort).toBe(true);
  });

  test('is asked for no more once it is closed', async () => {
    const { room, clock, disk } = await watched(50e9);
    await room.close();
    await clock.advance(600_000);
    expect([disk.asked, clock.due]).toEqual([1, []]);
  });
});

describe('a real disk', () => {
  test('says how large it is and how much of it is free', async () => {
    const { free, total: size } = await askDisk(temporaryFolder());
    expect(size).toBeGreaterThan(0);
    expect(free).toBeLessThanOrEqual(size);
  });

  test('gives the reserve its blocks, and has them back at once', async () => {
    const file = join(temporaryFolder(), 'reserve');
    const reserve = fileReserve(file);
    expect(await reserve.held(3_000_000)).toBe(false);
    writeFileSync(file, 'of an earlier version');
    await reserve.make(3_000_000);
    expect(await reserve.held(3_000_000)).toBe(true);
    expect(statSync(file).blocks * 512).toBeGreaterThanOrEqual(3_000_000);
    reserve.release();
    reserve.release();
    expect(existsSync(file)).toBe(false);
  });
});
