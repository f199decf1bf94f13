import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';
import { letGoOf } from '../../../isolate/lean-heap.ts';

const pack = promisify(deflateRaw);

const blockSize = 1 << 19;
/** How far back deflate looks (RFC 1951). */
const reach = 32_768;
/** Blocks on their way at once: no core waits for the next one, and no more than libuv has threads for. */
const atOnce = Math.min(4, availableParallelism() + 1);

/**
 * One deflate stream (RFC 1951), made on all free cores: blocks are packed at once, each with the end of the one before as
 * its dictionary and ended at a byte, so that one after the other they are one stream. As pigz does it; takes some
 * hundredths of a percent more than packing in one go.
 * @param content read to its end before the next one is asked for
 */
export async function* deflateInParallel(
  content: AsyncIterable<Uint8Array>,
  level: number,
): AsyncGenerator<Uint8Array> {
  // one that is filled, those on their way, and the one before them
  const buffers = Array.from({ length: atOnce + 2 }, () => new Uint8Array(blockSize));
  const packing: Promise<Uint8Array>[] = [];
  let before: Uint8Array | null = null;
  let block: Uint8Array | null = null;
  const send = (bytes: Uint8Array, isLast: boolean): void => {
    const finishFlush = isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    const dictionary = before?.subarray(-reach);
    const packed = pack(bytes, {
      level,
      finishFlush,
      chunkSize: blockSize >> 2,
      ...(dictionary !== undefined && { dictionary }),
    });
    packed.catch(() => undefined); // awaited below, perhaps after others
    packing.push(packed);
    before = bytes;
    letGoOf(blockSize);
  };
  for await (const next of blocksOf(content, buffers)) {
    if (block !== null) send(block, false);
    block = next;
    const first = packing.length < atOnce ? undefined : packing.shift();
    if (first !== undefined) yield await first;
  }
  send(block ?? new Uint8Array(), true);
  for (const packed of packing) yield await packed;
}

/** The same bytes in pieces of one size, the last one shorter, in buffers in turn; none where there are no bytes. */
async function* blocksOf(
  content: AsyncIterable<Uint8Array>,
  buffers: readonly Uint8Array[],
): AsyncGenerator<Uint8Array> {
  let count = 0;
  let used = 0;
  const current = (): Uint8Array => buffers[count % buffers.length] as Uint8Array;
  for await (const bytes of content) {
    for (let at = 0; at < bytes.length;) {
      const some = bytes.subarray(at, at + blockSize - used);
      current().set(some, used);
      used += some.length;
      at += some.length;
      if (used < blockSize) continue;
      yield current();
      count++;
      used = 0;
    }
  }
  if (used > 0) yield current().subarray(0, used);
}
