import { createHash, randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { FilesClient } from '#main/repository/files-client.ts';
import { largeFile, layoutOf, smallLimit } from '#main/repository/layout.ts';
import { RepositoryClient, type SharedRepository } from '#main/repository/repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { bytesOf, openForTest } from './open-repository.ts';

const sha256 = (bytes: Uint8Array): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as ObjectHash;
const time = Date.UTC(2026, 0, 31);

/** Puts as another thread does, whose port then closes: nothing of it is held any more. */
async function putAndGo(repository: SharedRepository, items: readonly Uint8Array[]): Promise<void> {
  const client = new FilesClient(repository.port());
  client.listen();
  const other = new RepositoryClient(repository.root, client);
  const stored = await other.putMany(items);
  await other.close();
  // the port's end is heard a moment later
  await expect
    .poll(async () => (await repository.held(stored.map(({ hash }) => hash))).includes(true))
    .toBe(false);
}

const aside = (repository: SharedRepository, hashes: readonly ObjectHash[]) =>
  repository.collect(() => repository.setAside(hashes, time));

test('purged content cannot be read, keeps its size, and comes back as it was', async () => {
  const repository = await openForTest();
  const [small, large] = [Buffer.from('small one'), randomBytes(smallLimit + 9)];
  const hashes = [sha256(small), sha256(large)];
  await putAndGo(repository, [small, large]);
  expect(await aside(repository, hashes)).toEqual({ objects: 2, bytes: large.length + 9, held: [] });
  expect(await repository.sizes(hashes)).toEqual([null, null]);
  expect(await repository.purged(hashes)).toEqual([
    { hash: sha256(small), size: 9, time, kept: true },
    { hash: sha256(large), size: large.length, time, kept: true },
  ]);
  const refusal = {
    code: 'object-purged',
    family: 'user',
    hint: expect.stringContaining('restored') as string,
  };
  for (const hash of hashes) {
    await expect(repository.bytes(hash)).rejects.toMatchObject(refusal);
    await expect(bytesOf(repository.stream(hash))).rejects.toMatchObject(refusal);
  }
  await expect(repository.bytes(sha256(small))).rejects.toThrow(
    'The content of a stored file (9 B) was purged on 2026-01-31.',
  );
  // no damage, and what only nodes name still is
  const absent = 'f'.repeat(64) as ObjectHash;
  expect(await repository.check([...hashes, absent], true)).toMatchObject({
    problems: [{ code: 'object-missing', subject: absent }],
    checked: 2,
    purged: 2,
  });
  expect(await repository.bringBack(hashes)).toEqual({ objects: 2, bytes: large.length + 9 });
  expect(Buffer.from(await repository.bytes(sha256(small)))).toEqual(small);
  expect(await bytesOf(repository.stream(sha256(large)))).toEqual(large);
  expect(await repository.purged(hashes)).toEqual([null, null]);
  expect(await repository.check(hashes, true)).toEqual({ problems: [], checked: 2, purged: 0 });
});

test('what is dropped is gone from the disk and known as purged, until its content comes again', async () => {
  const root = join(temporaryFolder(), 'repository');
  const repository = await openForTest(root);
  const [small, large] = [Buffer.from('small one'), randomBytes(smallLimit + 9)];
  const hashes = [sha256(small), sha256(large)];
  const file = largeFile(layoutOf(root), sha256(large));
  await putAndGo(repository, [small, large]);
  await aside(repository, hashes);
  expect(existsSync(file)).toBe(true);
  expect(await repository.drop(hashes)).toEqual({ objects: 2, bytes: large.length + 9 });
  expect(existsSync(file)).toBe(false);
  expect(await repository.drop(hashes)).toEqual({ objects: 0, bytes: 0 });
  expect(await repository.bringBack(hashes)).toEqual({ objects: 0, bytes: 0 });
  await repository.close();

  const again = await openForTest(root);
  await expect(again.bytes(sha256(large))).rejects.toMatchObject({
    code: 'object-purged',
    hint: 'Import an archive that holds it, or put the file back, to have it again.',
  });
  expect((await again.check(hashes, true)).problems).toEqual([]);
  expect(await again.putMany([small, large])).toMatchObject([{ size: 9 }, { size: large.length }]);
  expect(await again.purged(hashes)).toEqual([null, null]);
  expect(Buffer.from(await again.bytes(sha256(large)))).toEqual(large);
  expect(await again.check(hashes, true)).toEqual({ problems: [], checked: 2, purged: 0 });
});

test('what somebody may be about to name is not purged', async () => {
  const repository = await openForTest();
  const { hash } = await repository.putBytes(Buffer.from('just written'));
  expect(await repository.held([hash])).toEqual([true]);
  expect(await aside(repository, [hash])).toEqual({ objects: 0, bytes: 0, held: [hash] });
  expect((await repository.bytes(hash)).length).toBe(12);
});

test('after a crash a large file that is set aside is no leftover, and one that was dropped is', async () => {
  const root = join(temporaryFolder(), 'repository');
  const first = await openForTest(root);
  const [kept, dropped] = [randomBytes(smallLimit + 1), randomBytes(smallLimit + 2)];
  await putAndGo(first, [kept, dropped]);
  await aside(first, [sha256(kept), sha256(dropped)]);
  await first.drop([sha256(dropped)]);
  await first.close();
  // as a kill leaves it, between the commit of the index and the removal of the file
  const { inUse } = layoutOf(root);
  const file = largeFile(layoutOf(root), sha256(dropped));
  writeFileSync(file, dropped);
  writeFileSync(inUse, '');
  const second = await openForTest(root);
  expect(existsSync(file)).toBe(false);
  await second.bringBack([sha256(kept), sha256(dropped)]);
  expect(Buffer.from(await second.bytes(sha256(kept)))).toEqual(kept);
  expect((await second.check([sha256(kept), sha256(dropped)], true)).problems).toEqual([]);
});

test('whatever is put, purged, brought back and dropped in turn, each object is where it should be', async () => {
  const repository = await openForTest();
  const contents = [5, 6, 7, smallLimit + 5, smallLimit + 6].map((size, i) => Buffer.alloc(size, `${i}`));
  const hashes = contents.map(sha256);
  const state = new Map<number, 'there' | 'aside' | 'gone'>();
  const step = fc.tuple(
    fc.constantFrom('put', 'aside', 'back', 'drop'),
    fc.uniqueArray(fc.nat(contents.length - 1), { minLength: 1 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
      for (const [doing, which] of steps) {
        const some = which.map((i) => hashes[i] as ObjectHash);
        if (doing === 'put')
          await putAndGo(
            repository,
            which.map((i) => contents[i] as Buffer),
          );
        else if (doing === 'aside') await aside(repository, some);
        else if (doing === 'back') await repository.bringBack(some);
        else await repository.drop(some);
        for (const i of which) {
          const now = state.get(i);
          if (doing === 'put') state.set(i, 'there');
          else if (doing === 'aside' && now === 'there') state.set(i, 'aside');
          else if (doing === 'back' && now === 'aside') state.set(i, 'there');
          else if (doing === 'drop' && now === 'aside') state.set(i, 'gone');
        }
      }
      for (const [i, where] of state) {
        const hash = hashes[i] as ObjectHash;
        const [purged] = await repository.purged([hash]);
        expect(purged?.kept).toBe(where === 'there' ? undefined : where === 'aside');
        if (where === 'there') expect(sha256(await repository.bytes(hash))).toBe(hash);
        else await expect(repository.bytes(hash)).rejects.toMatchObject({ code: 'object-purged' });
      }
      const named = [...state.keys()].map((i) => hashes[i] as ObjectHash);
      expect((await repository.check(named, true)).problems).toEqual([]);
    }),
    { numRuns: 20 },
  );
});
