import type { Contract } from '#shared/contract/contract.ts';
import type { InputOf, OutputOf } from '#shared/contract/define.ts';

type Read = Contract['nodes.readFile'];
export type ReadFile = (input: InputOf<Read>, signal?: AbortSignal) => Promise<OutputOf<Read>>;

export interface FilePlace {
  readonly source: string;
  readonly uuid: string;
  readonly path: string;
}

const pieceBytes = 2_000_000;

/** The first `limit` bytes of a file, in pieces, and how large it is as a whole. */
export async function readUpTo(
  read: ReadFile,
  place: FilePlace,
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly size: number }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let offset = 0;
  do {
    const length = Math.min(pieceBytes, limit - offset);
    const piece = await read({ ...place, offset, length }, signal);
    size = piece.size;
    if (piece.bytes.length === 0) break;
    parts.push(piece.bytes);
    offset += piece.bytes.length;
  } while (offset < Math.min(size, limit));
  const bytes = new Uint8Array(offset);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, size };
}

/** The whole file as a Blob, for saving; `onProgress` gets the bytes so far. */
export async function readWhole(
  read: ReadFile,
  place: FilePlace,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (;;) {
    const { bytes, size } = await read({ ...place, offset, length: pieceBytes }, signal);
    parts.push(bytes as Uint8Array<ArrayBuffer>);
    offset += bytes.length;
    onProgress(offset, size);
    if (bytes.length === 0 || offset >= size) return new Blob(parts, { type: 'application/octet-stream' });
  }
}
