import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { deflateInParallel } from './deflate-in-parallel.ts';

/** A file that is packed already, in a file of its own, which becomes an entry of a zip later. */
export interface PackedFile {
  readonly path: string;
  /** 0: stored as it is, 8: deflated. */
  readonly method: 0 | 8;
  readonly crc: number;
  /** Bytes before it was packed, and after. */
  readonly size: number;
  readonly packedSize: number;
}

const pieceBytes = 1 << 19;

/**
 * Deflates a file into another one on cores that are free, while this thread does something else.
 * @param level 0 leaves it where it is and only sums it up
 */
export async function packFile(
  from: string,
  to: string,
  level: number,
  signal: AbortSignal,
): Promise<PackedFile> {
  let [crc, size, packedSize] = [0, 0, 0];
  const content = async function* (): AsyncGenerator<Uint8Array> {
    for (const piece of piecesOf(from)) {
      signal.throwIfAborted();
      crc = crc32(piece, crc);
      size += piece.length;
      yield piece;
    }
  };
  if (level === 0) {
    for await (const _piece of content());
    return { path: from, method: 0, crc, size, packedSize: size };
  }
  const fd = openSync(to, 'wx', 0o600);
  try {
    for await (const bytes of deflateInParallel(content(), level)) {
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      packedSize += bytes.length;
    }
  } finally {
    closeSync(fd);
  }
  return { path: to, method: 8, crc, size, packedSize };
}

/** The content of a file, in one buffer that each piece takes over from the one before. */
export function* piecesOf(path: string): Generator<Uint8Array> {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(pieceBytes);
    for (;;) {
      const count = readSync(fd, buffer, 0, pieceBytes, null);
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(fd);
  }
}
