import { statfsSync } from 'node:fs';
import { formatBytes } from '#shared/base/bytes.ts';
import { operationalError, StemmaError, userError } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { PurgedObject } from './types.ts';

/** In UTC: a date that reads the same wherever the profile is opened. */
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The index has no such object, or has it and its file is gone. */
export const objectMissing = (hash: ObjectHash): StemmaError =>
  operationalError({
    code: 'object-missing',
    message: 'A stored file is not in the repository of this profile.',
    subject: hash,
    hint: 'Run a check of the profile; a backup or an archive may still have the file.',
  });

/** In words that name no file: what reads by a path says which. */
export const objectPurged = (
  hash: ObjectHash,
  { size, time, kept }: Omit<PurgedObject, 'hash'>,
  what = 'a stored file',
): StemmaError =>
  userError({
    code: 'object-purged',
    message: `The content of ${what} (${formatBytes(size)}) was purged on ${dayOf(time)}.`,
    subject: hash,
    hint: kept
      ? 'It can be restored on the storage page until it is removed for good.'
      : 'Import an archive that holds it, or put the file back, to have it again.',
  });

/** It is there, and its content does not have its hash or its size. */
export const objectDamaged = (hash: ObjectHash, why: string): StemmaError =>
  operationalError({
    code: 'object-damaged',
    message: `A stored file is damaged: ${why}.`,
    subject: hash,
    hint: 'Run a check of the profile; importing an archive that has the file mends it.',
  });

/** What a peer sent does not have the hash or size that it announced; nothing of it was kept. */
export const objectDiffers = (hash: ObjectHash): StemmaError =>
  operationalError({
    code: 'object-differs',
    message: 'What came is not the file that was expected.',
    subject: hash,
  });

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';

const leastRoom = 256 * 1024;

function isFull(root: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(root);
    return bavail * bsize < leastRoom;
  } catch {
    return false; // the directory itself is gone; the caller's error says more
  }
}

/** What a failed write below `root` means. Errors of the disk become operational, the rest comes through as it is. */
export function writeError(thrown: unknown, root: string, what = 'the profile'): unknown {
  if (thrown instanceof StemmaError) return thrown;
  const code = codeOf(thrown);
  // on a full disk SQLite may fail at its shared memory first, which it reports as an I/O error
  const full =
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    code === 'SQLITE_FULL' ||
    (code.startsWith('SQLITE_IOERR') && isFull(root));
  if (full) {
    return operationalError(
      {
        code: 'disk-full',
        message: `The disk that holds ${what} is full.`,
        subject: root,
        hint: 'Free some space and try again. Nothing that was stored is lost.',
      },
      thrown,
    );
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return operationalError(
      {
        code: 'repository-damaged',
        message: 'The index of the repository is damaged.',
        subject: root,
        hint: 'Restore the profile from a backup.',
      },
      thrown,
    );
  }
  if (['EIO', 'EROFS', 'EACCES', 'EPERM'].includes(code) || code.startsWith('SQLITE_IOERR')) {
    return operationalError(
      {
        code: 'disk-error',
        message: `The disk that holds ${what} refused a write.`,
        subject: root,
        details: thrown instanceof Error ? thrown.message : code,
      },
      thrown,
    );
  }
  return thrown;
}
