import { statfsSync } from 'node:fs';
import { formatBytes } from '#shared/base/bytes.ts';
import { archiveTooLarge, archiveUnsafe } from './archive-errors.ts';

/** How much an archive may ask of us before we say no. Real archives stay orders of magnitude below. */
export const budgets = {
  // a Map of JavaScript ends at 2^24
  entries: 16_000_000,
  /** Bytes that all entries together may unpack to. */
  total: 200e9,
  /** Left free on the disk that receives them. */
  reserve: 256e6,
  metadata: 16e6,
  /** One cell of the database, and all of one row together. */
  cell: 64e6,
  /** A cell that is a name of something: AiiDA's own limit is 255 characters. Pages list hundreds of them. */
  name: 10_000,
  /** Above this size an entry may not unpack to more than `ratio` times its bytes. */
  ratioFrom: 100e6,
  ratio: 1000,
} as const;

/** @throws StemmaError `archive-unsafe` for an entry that unpacks to absurdly more than it holds */
export function checkRatio(name: string, size: number, compressedSize: number): void {
  if (size > budgets.ratioFrom && size > compressedSize * budgets.ratio) {
    throw archiveUnsafe(
      name,
      `“${name}” would unpack from ${formatBytes(compressedSize)} to ${formatBytes(size)}`,
    );
  }
}

/** @throws StemmaError `archive-too-large` where `bytes` do not fit on the disk of `directory` */
export function checkRoom(archive: string, bytes: number, directory: string): void {
  const { bavail, bsize } = statfsSync(directory);
  const room = Math.max(0, Math.min(budgets.total, bavail * bsize - budgets.reserve));
  if (bytes > room) {
    throw archiveTooLarge(
      archive,
      `it unpacks to ${formatBytes(bytes)} and there is room for ${formatBytes(room)}`,
    );
  }
}
