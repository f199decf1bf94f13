import { statfsSync } from 'node:fs';
import { formatBytes } from '#shared/base/bytes.ts';
import { operationalError } from '#shared/base/errors.ts';
import type { DiskUse } from '#shared/contract/areas/sharing.ts';
import type { OpenArchive } from '../open-archive.ts';

/**
 * Bytes of a profile's database for each byte of an archive's, and what it grows by at once where it was empty. Measured
 * with eight real archives and two made ones of up to 36 000 nodes: 0.86 to 1.05, and 250 kB.
 */
const growth = 1.1;
const first = 256 * 1024;

/** What an import will take of the disk of the profile. */
export function diskUse(
  { container, counts }: OpenArchive,
  coming: { readonly fileBytes: number; readonly nodes: number },
  folder: string,
  keep: number,
): DiskUse {
  const share = counts.nodes === 0 ? 0 : coming.nodes / counts.nodes;
  const database = share === 0 ? 0 : Math.ceil(container.databaseBytes * growth * share + first);
  const { bavail, bsize } = statfsSync(folder);
  return {
    files: coming.fileBytes,
    database,
    // the transaction is a journal before it is the database; the copy of the archive's own is there already
    temporary: database,
    free: bavail * bsize,
    keep,
  };
}

/** @throws StemmaError `disk-short` where the import would not leave as much free as it has to */
export function expectRoom(archive: string, { files, database, temporary, free, keep }: DiskUse): void {
  const needed = files + database + temporary;
  if (needed + keep <= free) return;
  throw operationalError({
    code: 'disk-short',
    message:
      `There is not enough room to import “${archive}”: it needs ${formatBytes(files)} for files, ` +
      `${formatBytes(database)} for the database and ${formatBytes(temporary)} while it runs; ` +
      `${formatBytes(free)} are free, of which ${formatBytes(keep)} are kept for other work.`,
    subject: archive,
    hint: `Free ${formatBytes(needed + keep - free)} on the disk of this profile. Nothing was changed.`,
  });
}
