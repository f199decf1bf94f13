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
  let size = 0;
  const counted: ReadFile = async (input, stop) => {
    const piece = await read(input, stop);
    size = piece.size;
    return piece;
  };
  const bytes = await pieces(counted, place, 0, limit, signal);
  return { bytes, size };
}

/** A part of a file, in pieces; shorter than asked where the file ends. */
export async function pieces(
  read: ReadFile,
  place: FilePlace,
  from: number,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let got = 0;
  while (got < length) {
    const asked = Math.min(pieceBytes, length - got);
    const { bytes, size } = await read({ ...place, offset: from + got, length: asked }, signal);
    parts.push(bytes);
    got += bytes.length;
    if (bytes.length === 0 || from + got >= size) break;
  }
  const all = new Uint8Array(got);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
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
