import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutOf } from '#main/repository/layout.ts';
import { stalePartials } from '#main/repository/partials.ts';
import { openRepository } from '#main/repository/repository.ts';
import type { StoredObject } from '#main/repository/types.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { bytesOf, openForTest } from './open-repository.ts';

const signal = new AbortController().signal;
const expectedOf = (bytes: Buffer): StoredObject => ({
  hash: createHash('sha256').update(bytes).digest('hex') as string as ObjectHash,
  size: bytes.length,
});
const partialsOf = (root: string): string[] => readdirSync(layoutOf(root).partial);

/** Sends what is asked for and breaks off, with an error, after so many bytes. */
function brokenOff(bytes: Buffer, after: number): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < after; at += 100_000) yield bytes.subarray(at, Math.min(after, at + 100_000));
    throw new Error('cut');
  }
  return Readable.from(pieces(), { objectMode: false });
}

describe('an object that comes in more than one go', () => {
  test('goes on where it was cut, wherever that was, and is there when it is whole', async () => {
    const repository = await openForTest();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 900_000 }),
        fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 4 }),
        async (size, cuts) => {
          const bytes = randomBytes(size);
          const expected = expectedOf(bytes);
          let at = 0;
          for (const cut of cuts) {
            const part = await repository.resume(expected);
            expect(part.at).toBe(at);
            const sent = Math.min(cut, size - at);
            await expect(part.append(brokenOff(bytes.subarray(at), sent), signal)).rejects.toThrow('cut');
            await part.release();
            at += sent;
          }
          const last = await repository.resume(expected);
          expect(last.at).toBe(at);
          await last.append(Readable.from([bytes.subarray(at)], { objectMode: false }), signal);
          expect(await last.finish()).toEqual(expected);
          expect((await bytesOf(repository.stream(expected.hash))).equals(bytes)).toBe(true);
          expect(partialsOf(repository.root)).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
    expect((await repository.check([], true)).problems).toEqual([]);
  });

  test('is thrown away where its beginning does not lead to its hash, and then begins anew', async () => {
    const repository = await openForTest();
    const bytes = randomBytes(400_000);
    const expected = expectedOf(bytes);
    const { partial } = layoutOf(repository.root);
    const file = join(partial, `${expected.hash}-${expected.size}`);
    writeFileSync(file, randomBytes(1000));
    const part = await repository.resume(expected);
    expect(part.at).toBe(1000);
    await part.append(Readable.from([bytes.subarray(1000)]), signal);
    expect(await part.finish()).toBeNull();
    expect(existsSync(file)).toBe(false);
    // and one that is longer than it can be is not gone on with at all
    writeFileSync(file, randomBytes(400_001));
    const again = await repository.resume(expected);
    expect(again.at).toBe(0);
    await again.append(Readable.from([bytes]), signal);
    expect(await again.finish()).toEqual(expected);
  });

  test('for which somebody else waits too comes to both', async () => {
    const repository = await openForTest();
    const bytes = randomBytes(300_000);
    const expected = expectedOf(bytes);
    const [one, two] = [await repository.resume(expected), await repository.resume(expected)];
    await one.append(Readable.from([bytes.subarray(0, 1000)]), signal);
    await two.append(Readable.from([bytes]), signal);
    expect(await two.finish()).toEqual(expected);
    await one.release();
    const rest = await repository.resume(expected);
    expect(rest.at).toBe(1000);
    await rest.append(Readable.from([bytes.subarray(1000)]), signal);
    expect(await rest.finish()).toEqual(expected);
    expect((await repository.check([expected.hash], true)).problems).toEqual([]);
  });

  test('survives the end of the program, and is no leftover of a crash', async () => {
    const root = join(temporaryFolder(), 'repository');
    const bytes = randomBytes(2_000_000);
    const expected = expectedOf(bytes);
    const first = await openRepository(root);
    const part = await first.resume(expected);
    await expect(part.append(brokenOff(bytes, 1_500_000), signal)).rejects.toThrow('cut');
    await first.close();
    writeFileSync(layoutOf(root).inUse, '');
    const second = await openForTest(root);
    const rest = await second.resume(expected);
    expect(rest.at).toBe(1_500_000);
    await rest.append(Readable.from([bytes.subarray(1_500_000)]), signal);
    expect(await rest.finish()).toEqual(expected);
    const { large } = layoutOf(root);
    const file = join(large, expected.hash.slice(0, 2), expected.hash.slice(2));
    expect(statSync(file).mode & 0o777).toBe(0o444);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test('with which nobody went on for two weeks is gone after the next start', async () => {
    const root = join(temporaryFolder(), 'repository');
    const { partial } = layoutOf(root);
    mkdirSync(partial, { recursive: true });
    const days = (count: number): Date => new Date(Date.now() - count * 86_400_000);
    for (const [name, age] of [
      ['old', 15],
      ['new', 13],
    ] as const) {
      writeFileSync(join(partial, name), name);
      utimesSync(join(partial, name), days(age), days(age));
    }
    await openForTest(root);
    expect(readdirSync(partial)).toEqual(['new']);
  });
});

describe('of many that are not whole', () => {
  const day = 86_400_000;
  const file = fc.record({
    name: fc.uuid(),
    bytes: fc.integer({ min: 0, max: 40e9 }),
    changed: fc.integer({ min: 0, max: 30 * day }),
  });

  test('what stays is not old, is within the bound, and always has the newest', () => {
    fc.assert(
      fc.property(fc.uniqueArray(file, { selector: ({ name }) => name }), (files) => {
        const now = 30 * day;
        const stale = new Set(stalePartials(files, now));
        const kept = files.filter(({ name }) => !stale.has(name)).toSorted((a, b) => b.changed - a.changed);
        for (const { changed } of kept) expect(now - changed).toBeLessThanOrEqual(14 * day);
        const bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
        if (kept.length > 1) expect(bytes).toBeLessThanOrEqual(50e9);
        const newest = Math.max(...files.map(({ changed }) => changed));
        if (now - newest <= 14 * day) expect(kept[0]?.changed).toBe(newest);
      }),
    );
  });
});
