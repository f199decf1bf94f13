import { expect, test } from 'vitest';
import { fileSystemOf, placeWarnings } from '#main/profile/place-warnings.ts';

const mounts = String.raw`22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home rw shared:2 - nfs4 server:/home rw,vers=4.2
31 30 8:2 / /home/u/local\040disk rw - xfs /dev/sdb1 rw
32 22 0:50 / /mnt/x rw master:1 propagate_from:2 - fuse.sshfs u@h: rw
33 32 8:3 / /mnt/x rw - btrfs /dev/sdc1 rw`;

const probe = (existing: readonly string[] = []) => ({
  mountInfo: () => mounts,
  exists: (path: string) => existing.includes(path),
});

test('the file system is the one of the innermost and latest mount', () => {
  expect(fileSystemOf('/var/lib', mounts)).toBe('ext4');
  expect(fileSystemOf('/home', mounts)).toBe('nfs4');
  expect(fileSystemOf('/home/u/local disk/p', mounts)).toBe('xfs');
  expect(fileSystemOf('/homely', mounts)).toBe('ext4');
  expect(fileSystemOf('/mnt/x/p', mounts)).toBe('btrfs');
  expect(fileSystemOf('/anything', '')).toBe('');
});

test('a network file system is warned of by name', () => {
  expect(placeWarnings('/home/u/profile', probe())).toEqual([
    { code: 'network-file-system', message: expect.stringContaining('(nfs4)') },
  ]);
});

test('synchronised folders are known by their name or by what the service leaves there', () => {
  const codes = (path: string, existing?: readonly string[]): readonly string[] =>
    placeWarnings(path, probe(existing)).map(({ code }) => code);
  expect(codes('/var/Dropbox/p')).toEqual(['synchronised-folder']);
  expect(codes('/var/OneDrive - Some University/p')).toEqual(['synchronised-folder']);
  expect(codes('/var/u/Library/Mobile Documents/p')).toEqual(['synchronised-folder']);
  expect(codes('/var/shared/deep/p', ['/var/shared/.stfolder'])).toEqual(['synchronised-folder']);
  expect(codes('/var/dropbox-of-letters/p')).toEqual([]);
});
