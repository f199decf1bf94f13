import { toHex } from '#shared/base/bytes.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { Repository } from '../repository/types.ts';

const hashesAtOnce = 5000;

/** From 32 bytes each. */
export function* unpackHashes(packed: Uint8Array): Generator<ObjectHash> {
  for (let at = 0; at < packed.length; at += 32) yield toHex(packed.subarray(at, at + 32)) as ObjectHash;
}

/** Some at a time. */
export function* pagesOfHashes(packed: Uint8Array): Generator<readonly ObjectHash[]> {
  for (let at = 0; at < packed.length; at += hashesAtOnce * 32) {
    yield [...unpackHashes(packed.subarray(at, at + hashesAtOnce * 32))];
  }
}

/** How much the objects of these packed hashes take; what is not there takes nothing. */
export async function bytesOf(
  repository: Pick<Repository, 'sizes'>,
  packed: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0;
  for (const page of pagesOfHashes(packed)) {
    signal.throwIfAborted();
    for (const size of await repository.sizes(page)) bytes += size ?? 0;
  }
  return bytes;
}
