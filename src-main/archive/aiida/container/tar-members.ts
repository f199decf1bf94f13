import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { formatBytes } from '#shared/base/bytes.ts';
import type { Progress } from '#shared/contract/common.ts';
import { archiveDamaged, archiveUnsafe, cutOff, notAnArchive } from './archive-errors.ts';
import { budgets, checkRoom } from './budgets.ts';
import { entryKind } from './entry-grammar.ts';
import { FileMember } from './file-member.ts';
import { FileReader } from './file-reader.ts';
import { FoundMembers, type OpenMembers } from './found-members.ts';

const pieceSize = 1 << 18;
/** How many bytes are spooled between two looks at the room on the disk. */
const lookAfter = 64e6;

export interface Spooling {
  /** A folder of ours, for the spool. */
  readonly scratch: string;
  readonly progress: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A tar file, packed by gzip or not, as AiiDA before 1.0 wrote them by choice. It has no index: one pass copies the
 * members that the format knows, one behind the other, into one file of ours. Closes the file where it fails.
 * @throws StemmaError `not-an-archive`, `archive-damaged`, `archive-unsafe`, `archive-too-large`
 */
export async function tarMembers(
  reader: FileReader,
  file: string,
  isPacked: boolean,
  spooling: Spooling,
): Promise<OpenMembers> {
  const name = path.basename(file);
  const spoolFile = path.join(spooling.scratch, 'spool');
  const spool = new Spool(spoolFile, name, reader.size, spooling);
  try {
    const found = await spool.fill(reader, isPacked);
    const content = new FileReader(spoolFile);
    return { name, found: found(content), close: () => content.closeFile() };
  } finally {
    spool.close();
    reader.closeFile();
  }
}

interface Spooled {
  readonly name: string;
  readonly type: 'file' | 'folder' | 'other';
  readonly offset: number;
  readonly size: number;
}

class Spool {
  readonly #fd: number;
  readonly #name: string;
  readonly #packedSize: number;
  readonly #spooling: Spooling;
  readonly #entries: Spooled[] = [];
  #size = 0;
  #lookedAt = 0;
  /** Bytes of the tar, unpacked. */
  #seen = 0;

  constructor(file: string, name: string, packedSize: number, spooling: Spooling) {
    this.#fd = openSync(file, 'wx', 0o600);
    this.#name = name;
    this.#packedSize = packedSize;
    this.#spooling = spooling;
  }

  /** Gives the members once the spool can be read. */
  async fill(reader: FileReader, isPacked: boolean): Promise<(spool: FileReader) => FoundMembers> {
    const raw = Readable.from(this.#pieces(reader));
    const content = isPacked ? raw.pipe(createGunzip()) : raw;
    const tar = extract();
    raw.on('error', (error) => tar.destroy(error));
    content.on('error', (error) => tar.destroy(error));
    content.on('data', (piece: Buffer) => {
      this.#seen += piece.length;
    });
    try {
      for await (const entry of content.pipe(tar)) await this.#take(entry.header, entry);
    } catch (error) {
      throw this.#unreadable(error, isPacked);
    } finally {
      raw.destroy();
      content.destroy();
    }
    return (spool) => this.#found(spool);
  }

  *#pieces(reader: FileReader): Generator<Buffer> {
    const { progress, signal } = this.#spooling;
    for (let at = 0; at < reader.size; at += pieceSize) {
      signal?.throwIfAborted();
      progress({ done: at, total: reader.size, unit: 'bytes', words: 'Unpacking the archive' });
      yield reader.at(at, pieceSize);
    }
  }

  async #take(header: Header, content: AsyncIterable<unknown>): Promise<void> {
    const { type } = header;
    const plain = header.name.replace(/^(?:\.\/)+/, '');
    const isFolder = type === 'directory';
    const isFile = type === 'file' || type === 'contiguous-file';
    const name = isFolder && !plain.endsWith('/') ? `${plain}/` : plain;
    const place = { name, offset: this.#size, size: header.size };
    this.#entries.push({ ...place, type: isFile ? 'file' : isFolder ? 'folder' : 'other' });
    if (this.#entries.length > budgets.entries) throw this.#unsafe('it has too many entries');
    // its size is a hint, no bytes follow (POSIX, ustar, typeflag 5); tar-stream's content of it would never end
    if (isFolder) return;
    if (!isFile || entryKind(name).kind === 'ignored') {
      for await (const _piece of content) this.#checkRatio();
      return;
    }
    for await (const piece of content) {
      writeSync(this.#fd, piece as Buffer);
      this.#size += (piece as Buffer).length;
      this.#checkRatio();
      if (this.#size > this.#lookedAt + lookAfter) {
        this.#lookedAt = this.#size;
        checkRoom(this.#name, lookAfter, this.#spooling.scratch);
        if (this.#size > budgets.total)
          throw this.#unsafe(`it unpacks to more than ${formatBytes(budgets.total)}`);
      }
    }
  }

  #checkRatio(): void {
    if (this.#seen > budgets.ratioFrom && this.#seen > this.#packedSize * budgets.ratio) {
      throw this.#unsafe(
        `it would unpack from ${formatBytes(this.#packedSize)} to more than ${formatBytes(this.#seen)}`,
      );
    }
  }

  #found(spool: FileReader): FoundMembers {
    const found = new FoundMembers(this.#name);
    for (const entry of this.#entries) {
      found.take(entry.name, entry.type, () => new FileMember(entry, () => spool, false));
    }
    return found;
  }

  /** Nothing readable at all is no archive; a file that ends or breaks later is a damaged one. */
  #unreadable(error: unknown, isPacked: boolean): Error {
    if (error instanceof Error && error.name === 'StemmaError') return error;
    if (this.#spooling.signal?.aborted === true) return this.#spooling.signal.reason as Error;
    const { message } = error as Error;
    const isArchive = this.#entries.some(({ name }) => entryKind(name).kind !== 'ignored');
    if (!isArchive) return notAnArchive(this.#name, withoutMetadata(isPacked), error);
    return /unexpected end/i.test(message)
      ? cutOff(this.#name, error)
      : archiveDamaged(this.#name, `it cannot be unpacked (${message})`, error);
  }

  #unsafe(why: string): Error {
    return archiveUnsafe(this.#name, why);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Why a gzip or tar file is no archive, as `notAnArchive` wants it. */
export const withoutMetadata = (isPacked: boolean): string =>
  `it is a ${isPacked ? 'gzip' : 'tar'} file without the metadata of an archive`;
