import { archiveDamaged, archiveUnsafe } from '../container/archive-errors.ts';

/** What the first 100 bytes of an SQLite database say (sqlite.org/fileformat2.html, 1.3). */
export interface DatabaseHeader {
  /** Bytes, a power of two from 512 to 65 536. */
  readonly pageSize: number;
  /** Bytes of a page without those at its end that are reserved. */
  readonly usable: number;
  /** It says that a write-ahead log lies beside it. */
  readonly hasLog: boolean;
}

export const headerBytes = 100;

const smallestPage = 512;
const largestPage = 65_536;
/** SQLite takes no database that leaves less of a page. */
const leastUsable = 480;

/** @throws StemmaError `archive-damaged`, `archive-unsafe` */
export function readDatabaseHeader(header: Buffer): DatabaseHeader {
  if (header.length < headerBytes || header.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw archiveDamaged('db.sqlite3', 'its db.sqlite3 is not an SQLite database');
  if (header.readUInt32BE(56) > 1) throw archiveUnsafe('db.sqlite3', 'the text of its database is not UTF-8');
  const said = header.readUInt16BE(16);
  const pageSize = said === 1 ? largestPage : said;
  const usable = pageSize - (header[20] ?? 0);
  const isPower = (pageSize & (pageSize - 1)) === 0;
  if (!isPower || pageSize < smallestPage || usable < leastUsable)
    throw archiveDamaged('db.sqlite3', 'its database has pages of a size that there is not');
  return { pageSize, usable, hasLog: header[18] !== 1 || header[19] !== 1 };
}
