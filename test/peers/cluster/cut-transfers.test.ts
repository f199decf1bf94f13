/** Retrievals that are cut again and again: what has come once does not come again, and nothing is half there. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { retrieveFiles } from '#main/computers/files/retrieve.ts';
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
});
