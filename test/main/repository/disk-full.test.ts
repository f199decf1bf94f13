import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { skipReason } from '../../support/skips.ts';
import { bytesOf, openForTest } from './open-repository.ts';

/** A real file system of its own with a few megabytes. */
function mountSmallDisk(megabytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'stemma-test', folder], {
    stdio: 'pipe',
  });
  return folder;
}

function unmount(folder: string): void {
  execFileSync('umount', [folder], { stdio: 'pipe' });
  rmSync(folder, { recursive: true });
}

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'a small disk is mounted with tmpfs, which is of Linux';
  try {
    unmount(mountSmallDisk(1));
    return null;
  } catch {
    return 'this user may not mount a small disk (tmpfs)';
  }
}

const skip = skipReason('repository on a full disk', whyNot());

describe.skipIf(skip !== null)('a full disk', () => {
  test('refuses with its name, keeps what was there, and takes more once there is room', async () => {
    const disk = mountSmallDisk(16);
    onTestFinished(() => unmount(disk));
    const repository = await openForTest(join(disk, 'repository'));
    const stored: { hash: ObjectHash; content: Buffer }[] = [];
    const fillWith = async (size: number, put: (content: Buffer) => Promise<{ hash: ObjectHash }>) => {
      for (;;) {
        const content = randomBytes(size);
        stored.push({ hash: (await put(content)).hash, content });
      }
    };
    const byStream = (content: Buffer): Promise<{ hash: ObjectHash }> =>
      repository.putStream(Readable.from([content.subarray(0, 1000), content.subarray(1000)]));

    await expect(fillWith(900_000, byStream)).rejects.toMatchObject({
      family: 'operational',
      code: 'disk-full',
    });
    await expect(fillWith(900_000, (content) => repository.putBytes(content))).rejects.toMatchObject({
      code: 'disk-full',
    });
    // the rest of the room, so that not even a small object fits
    const ballast = join(disk, 'ballast');
    expect(() => writeFileSync(ballast, randomBytes(16 << 20))).toThrow('ENOSPC');
    await expect(fillWith(20_000, (content) => repository.putBytes(content))).rejects.toMatchObject({
      code: 'disk-full',
    });
    expect(readdirSync(join(disk, 'repository', 'temporary'))).toEqual([]);

    rmSync(ballast);
    const large = stored.find(({ content }) => content.length === 900_000);
    expect(large).toBeDefined();
    const more = randomBytes(20_000);
    stored.push({ hash: (await repository.putBytes(more)).hash, content: more });
    for (const { hash, content } of stored) {
      expect((await bytesOf(repository.stream(hash))).equals(content)).toBe(true);
    }
    const hashes = stored.map(({ hash }) => hash);
    expect((await repository.check(hashes, true)).problems).toEqual([]);
  });
});
