/** Transfers that are cut again and again: what has arrived once is not sent again, and nothing is half there. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { retrieveFiles } from '#main/computers/files/retrieve.ts';
import { openRepository } from '#main/repository/repository.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { FakeRepository } from '../../main/computers/fake-repository.ts';
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts';
import { skipReason } from '../../support/skips.ts';
import { SshBench } from '../../support/ssh-bench.ts';
import { sshdUnavailable, startSshd, type Sshd } from '../../support/sshd.ts';

const missing = skipReason('Retrievals that are cut', sshdUnavailable());
const signal = new AbortController().signal;

describe.skipIf(missing !== null)('a retrieval over a link that is cut', () => {
  let sshd: Sshd;
  let bench: SshBench;
  let proxy: FaultProxy;

  beforeAll(async () => {
    sshd = await startSshd();
    bench = new SshBench();
    proxy = await startFaultProxy(sshd.port);
  });
  afterAll(async () => {
    bench?.close();
    await proxy?.close();
    await sshd?.stop();
  });

  test('after each fiftieth of 500 files brings the same set as one that is not, and each file about once', async () => {
    const directory = join(sshd.home, 'many');
    mkdirSync(directory);
    const sizeOf = (index: number): number => 2000 + (index % 7) * 1000;
    const contents = new Map<string, string>();
    for (let index = 0; index < 500; index++) {
      const bytes = randomBytes(sizeOf(index));
      const name = `out-${String(index).padStart(3, '0')}`;
      writeFileSync(join(directory, name), bytes);
      contents.set(name, bytes.toString('latin1'));
    }
    const repository = new FakeRepository();
    const whole = [...contents.values()].reduce((sum, { length }) => sum + length, 0);
    const before = proxy.toClients;
    let cuts = 0;
    for (;;) {
      const transport = await bench.transport(sshd, proxy.port);
      // listing and hashes of 500 files are about 60 kB
      if (cuts < 10) proxy.cutAfter(60_000 + 50 * 5600, 'to-client');
      const work = retrieveFiles(transport, repository.asRepository(), directory, ['*'], signal);
      const outcome = await work.catch((thrown: { code: string }) => thrown.code);
      proxy.cutAfter(1e15, 'to-client');
      transport.close();
      if (typeof outcome === 'string') {
        expect(outcome).toBe('connection-lost');
        cuts++;
        continue;
      }
      expect(outcome.files.map(({ path }) => path).toSorted()).toEqual([...contents.keys()].toSorted());
      for (const { path, hash } of outcome.files) {
        expect(repository.objects.get(hash)?.toString('latin1')).toBe(contents.get(path));
      }
      break;
    }
    expect(cuts).toBeGreaterThan(4);
    // all files once, and for each cut a listing and what was on its way
    expect(proxy.toClients - before).toBeLessThan(whole * 1.4 + (cuts + 1) * 200_000);
  });

  const large = 60_000_000;
  const cutsOfLarge = 20;
  /**
   * Where a transfer is cut: bytes after its beginning, by a seed that is told where something fails. All together are
   * less than the file.
   */
  const cutsOf = (seed: string): readonly number[] =>
    Array.from({ length: cutsOfLarge }, (_, index) => {
      const roll = createHash('sha256').update(`${seed} ${index}`).digest().readUInt32LE() / 2 ** 32;
      return Math.floor(200_000 + roll * 2_600_000);
    });

  test('twenty times within one file of 60 MB brings it whole, and about once', async () => {
    const directory = join(sshd.home, 'large');
    mkdirSync(directory);
    const bytes = randomBytes(large);
    writeFileSync(join(directory, "it's -\nlarge"), bytes);
    const root = join(bench.folder, 'retrieved');
    const seed = randomBytes(4).toString('hex');
    const before = proxy.toClients;
    const hints: string[] = [];
    let repository = await openRepository(root);
    for (const [index, cut] of cutsOf(seed).entries()) {
      const transport = await bench.transport(sshd, proxy.port);
      proxy.cutAfter(cut, 'to-client');
      const work = retrieveFiles(transport, repository, directory, ['*'], signal);
      const thrown = await work.catch((error: { code: string; hint?: string }) => error);
      expect([seed, thrown]).toMatchObject([seed, { code: 'connection-lost' }]);
      if ('hint' in thrown && thrown.hint !== undefined) hints.push(thrown.hint);
      transport.close();
      if (index % 5 !== 0) continue;
      // nobody remembers anything but the disk
      await repository.close();
      repository = await openRepository(root);
    }
    try {
      const transport = await bench.transport(sshd, proxy.port);
      const { files } = await retrieveFiles(transport, repository, directory, ['*'], signal);
      transport.close();
      expect(files.map(({ hash, size }) => ({ hash, size }))).toEqual([{ hash: hashOf(bytes), size: large }]);
      expect(hashOf(await repository.bytes(hashOf(bytes)))).toBe(hashOf(bytes));
      expect(readdirSync(join(root, 'partial'))).toEqual([]);
      expect(hints.at(-1)).toMatch(
        /^[\d.]+ MB of the 60\.0 MB of it's -\nlarge are here and do not come again\.$/,
      );
      expect((proxy.toClients - before) / large, seed).toBeLessThan(1.5);
    } finally {
      await repository.close();
    }
  });

  test('and an upload of as much arrives whole, and about once, with nothing half there before', async () => {
    const repository = new FakeRepository();
    const { hash } = await repository.putBytes(randomBytes(large));
    const small = await repository.putBytes(Buffer.from('#!/bin/sh\n'));
    const directory = join(sshd.home, 'deep', "it's", 'a1');
    const files = [
      { path: 'run.sh', ...small, executable: true },
      { path: 'in/large.dat', hash, size: large, executable: false },
      { path: 'in/same.dat', hash, size: large, executable: true },
    ];
    const send = async (): Promise<unknown> => {
      const transport = await bench.transport(sshd, proxy.port);
      try {
        return await transport.upload({
          directory,
          files,
          open: (file, range) => repository.stream(file.hash, range),
          keepIf: ['.submit'],
          signal,
        });
      } finally {
        transport.close();
      }
    };
    const seed = randomBytes(4).toString('hex');
    const before = proxy.toServer;
    for (const cut of cutsOf(seed)) {
      proxy.cutAfter(cut, 'to-server');
      await expect(send(), seed).rejects.toMatchObject({ code: 'connection-lost' });
      expect(existsSync(directory)).toBe(false);
    }
    expect(await send()).toEqual({ kept: false });
    for (const { path, hash: expected, executable } of files) {
      expect(hashOf(readFileSync(join(directory, path)))).toBe(expected);
      expect((statSync(join(directory, path)).mode & 0o100) !== 0).toBe(executable);
    }
    expect(readdirSync(join(directory, '..'))).toEqual(['a1']);
    expect((proxy.toServer - before) / large, seed).toBeLessThan(1.5);
  });
});

const hashOf = (bytes: Uint8Array): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as string as ObjectHash;
