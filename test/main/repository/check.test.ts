import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { largeFile, layoutOf, smallLimit } from '#main/repository/layout.ts';
import type { SharedRepository } from '#main/repository/repository.ts';
import { openForTest } from './open-repository.ts';

const absent = 'f'.repeat(64) as ObjectHash;

const fileOf = (repository: SharedRepository, hash: ObjectHash): string => {
  const file = largeFile(layoutOf(repository.root), hash);
  chmodSync(file, 0o600);
  return file;
};

/** Somebody else's hand in the index. */
function meddle(repository: SharedRepository, sql: string, ...values: unknown[]): void {
  const db = new Database(layoutOf(repository.root).index);
  db.prepare(sql).run(...values);
  db.close();
}

const contentSql = 'UPDATE contents SET content = ? WHERE id = (SELECT place FROM objects WHERE hash = ?)';

describe('a check', () => {
  test('of a healthy repository counts the objects and finds nothing', async () => {
    const repository = await openForTest();
    const stored = await repository.putMany([randomBytes(10), randomBytes(smallLimit + 1), Buffer.alloc(0)]);
    const hashes = stored.map(({ hash }) => hash);
    expect(await repository.check(hashes, true)).toEqual({ problems: [], checked: 3, purged: 0 });
    expect(await repository.check(hashes, false)).toEqual({ problems: [], checked: 3, purged: 0 });
  });

  test('tells how far it is, page by page, and stops when nobody wants it any more', async () => {
    const repository = await openForTest();
    await repository.putMany(Array.from({ length: 450 }, (_, i) => Buffer.from(`object ${i}`)));
    const seen: (readonly [number, number | null])[] = [];
    const signal = new AbortController().signal;
    await repository.check([], true, {
      signal,
      onProgress: (done, total) => seen.push([done, total]),
    });
    expect(seen).toEqual([
      [0, 450],
      [200, 450],
      [400, 450],
      [450, 450],
      [450, 450],
    ]);

    const abort = new AbortController();
    let reports = 0;
    const checking = repository.check([], true, {
      signal: abort.signal,
      onProgress() {
        if (++reports === 2) abort.abort(new Error('enough'));
      },
    });
    await expect(checking).rejects.toThrow('enough');
    expect(reports).toBe(2);
  });

  test('finds every flipped bit, in small objects and in large ones, and a good copy mends it', async () => {
    const repository = await openForTest();
    const small = randomBytes(300);
    const large = randomBytes(smallLimit + 300);
    const [smallOne, largeOne] = await repository.putMany([small, large]);
    if (smallOne === undefined || largeOne === undefined) throw new Error('nothing stored');
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat(7),
        async (inSmall, where, bit) => {
          const { hash } = inSmall ? smallOne : largeOne;
          const damaged = Buffer.from(inSmall ? small : large);
          const at = Math.floor(where * damaged.length);
          damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
          if (inSmall) meddle(repository, contentSql, damaged, Buffer.from(hash, 'hex'));
          else writeFileSync(fileOf(repository, hash), damaged);

          const { problems } = await repository.check([hash], true);
          expect(problems).toMatchObject([{ code: 'object-damaged', subject: hash }]);
          await expect(repository.bytes(hash)).rejects.toMatchObject({ code: 'object-damaged' });

          // a good copy mends it
          await repository.putMany([small, large]);
          expect((await repository.check([hash], true)).problems).toEqual([]);
          expect(Buffer.from(await repository.bytes(hash)).equals(inSmall ? small : large)).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('finds what is cut short without reading it', async () => {
    const repository = await openForTest();
    const { hash } = await repository.putBytes(randomBytes(smallLimit + 300));
    truncateSync(fileOf(repository, hash), smallLimit);
    const { problems } = await repository.check([], false);
    expect(problems).toMatchObject([{ code: 'object-damaged', subject: hash }]);
    expect(problems[0]?.message).toBe(`The file has ${smallLimit} bytes and had ${smallLimit + 300}.`);
    await expect(repository.bytes(hash)).rejects.toMatchObject({ code: 'object-damaged' });
  });

  test('finds what is gone: a file, a content, and an object that only a node names', async () => {
    const repository = await openForTest();
    const [small, large] = await repository.putMany([randomBytes(50), randomBytes(smallLimit + 1)]);
    if (small === undefined || large === undefined) throw new Error('nothing stored');
    rmSync(fileOf(repository, large.hash));
    meddle(repository, 'DELETE FROM contents');
    const { problems } = await repository.check([small.hash, absent], false);
    const found = problems.map(({ code, subject }) => `${code} ${subject}`).toSorted();
    expect(found).toEqual(
      [`object-missing ${absent}`, `object-missing ${small.hash}`, `object-missing ${large.hash}`].toSorted(),
    );
    await expect(repository.bytes(large.hash)).rejects.toMatchObject({ code: 'object-missing' });
    await expect(repository.bytes(small.hash)).rejects.toMatchObject({ code: 'object-missing' });
  });

  test('removes what was never completed, and names what is not ours without touching it', async () => {
    const repository = await openForTest();
    const { hash } = await repository.putBytes(randomBytes(smallLimit + 1));
    const { temporary, large } = layoutOf(repository.root);
    writeFileSync(join(temporary, '12-0'), 'half');
    mkdirSync(join(large, 'ab'), { recursive: true });
    copyFileSync(fileOf(repository, hash), join(large, 'ab', 'c'.repeat(62)));
    const foreign = join(large, 'ab', 'notes.txt');
    writeFileSync(foreign, 'mine');

    const first = await repository.check([hash], true);
    expect(first.problems.map(({ code, subject }) => ({ code, subject }))).toEqual([
      { code: 'object-leftover', subject: 'temporary/12-0' },
      ...[
        { code: 'object-leftover', subject: `large/ab/${'c'.repeat(62)}` },
        { code: 'object-misnamed', subject: 'large/ab/notes.txt' },
      ].toSorted((a, b) => problemsOrder(first.problems, a.subject, b.subject)),
    ]);
    expect(readFileSync(foreign, 'utf8')).toBe('mine');
    expect((await repository.check([hash], true)).problems).toMatchObject([{ code: 'object-misnamed' }]);
  });

  test('says that the index is broken where SQLite cannot read it', async () => {
    const repository = await openForTest();
    await repository.putMany(Array.from({ length: 400 }, () => randomBytes(900)));
    const { root } = repository;
    await repository.close();
    const file = layoutOf(root).index;
    const bytes = readFileSync(file);
    for (let at = 3 * 8192; at < bytes.length; at += 2 * 8192) bytes.fill(0xa5, at, at + 64);
    writeFileSync(file, bytes);

    const again = await openForTest(root);
    const { problems } = await again.check([], true);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.some(({ subject }) => subject === 'objects.sqlite')).toBe(true);
  });

  test('lists a thousand problems and counts the rest', async () => {
    const repository = await openForTest();
    await repository.putMany(Array.from({ length: 1200 }, (_, i) => Buffer.from(`object ${i}`)));
    meddle(repository, 'UPDATE contents SET content = zeroblob(length(content))');
    const { problems } = await repository.check([], true);
    expect(problems.length).toBe(1001);
    expect(problems.at(-1)?.message).toBe('There are 200 more problems than the 1000 listed here.');
  });
});

const problemsOrder = (problems: readonly { subject: string }[], a: string, b: string): number =>
  problems.findIndex(({ subject }) => subject === a) - problems.findIndex(({ subject }) => subject === b);
