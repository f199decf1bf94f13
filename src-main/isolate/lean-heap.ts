import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * What V8 collects often instead of letting it grow to 48 MB for each thread: what we read page by page lives for one
 * page. Costs a few percent of the time of work that makes much garbage, and saves tens of MB for each thread.
 */
export const youngMb = 6;

/** The old generation is collected when it has grown by a quarter, not when it has several times its size. */
const oldGrowth = '--heap-growing-percent=25';

/** The same for a process of Node. */
export const leanHeap: readonly string[] = ['--max-semi-space-size=2', oldGrowth];

/**
 * The same for this process, which runs already: its young generation stays as small as it was at the start. For a
 * command that ends soon, before it does anything.
 */
export function keepHeapLean(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString(oldGrowth);
}

const isElectron = 'electron' in process.versions;
const sweepEvery = 4 << 20;
/** What outlives a sweep is old, and would wait until the heap has grown to many times its size. */
const wholeEvery = 8;
let unswept = 0;
let sweeps = 0;
let collect: Collect | null = null;

type Collect = (options: { readonly type: 'minor' | 'major' }) => void;

/**
 * Buffers of so many bytes have been used and let go of. They lie outside of V8's heap, which therefore sees no reason to
 * collect them before there are 64 MB of them: here they go after 4, by a collection of the young generation alone (less
 * than a millisecond where that is small), and at every eighth time of the whole heap (some 10 ms). In Electron V8 does as
 * it likes: its flags are frozen there once it runs.
 */
export function letGoOf(bytes: number): void {
  unswept += bytes;
  if (unswept < sweepEvery || isElectron) return;
  unswept = 0;
  collect ??= collector();
  collect({ type: ++sweeps % wholeEvery === 0 ? 'major' : 'minor' });
}

function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as Collect;
  // contexts and threads that are made later get none
  setFlagsFromString('--no-expose-gc');
  return gc;
}
