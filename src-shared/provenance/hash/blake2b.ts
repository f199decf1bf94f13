/**
 * BLAKE2b with its whole parameter block, as tree hashing needs it. Source: RFC 7693, and section 2.8 of the BLAKE2
 * paper (blake2.net/blake2.pdf) for the parameters that the RFC leaves out. Node's own crypto offers none of them.
 */
import { blake2bModule, initialWords, places } from './blake2b-module.ts';

/** The parameter block, by the names of the BLAKE2 paper; what is not given is a message on its own. */
export interface Blake2bOptions {
  /** Bytes of the digest, 1 to 64. */
  readonly digestSize: number;
  readonly fanout: number;
  readonly depth: number;
  readonly nodeDepth: number;
  readonly innerSize: number;
  /** At most 16 bytes. */
  readonly person: Uint8Array;
  readonly lastNode: boolean;
}

/** Node, browsers and workers all have it; only the types of the DOM would say so. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

const blockBytes = 128;

interface Machine {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  compress(): void;
}

let made: Machine | null = null;

/** Made when it is needed first: a window, which must not compile anything, may import this file. */
function machine(): Machine {
  if (made !== null) return made;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(blake2bModule()));
  const { memory, compress } = exports as unknown as {
    readonly memory: { readonly buffer: ArrayBuffer };
    readonly compress: () => void;
  };
  made = { bytes: new Uint8Array(memory.buffer), view: new DataView(memory.buffer), compress };
  return made;
}

/** The state before the first byte: the same for all messages with these options, so that it is worked out once. */
export interface Blake2bStart {
  readonly state: Uint8Array;
  readonly digestSize: number;
  readonly lastNode: boolean;
}

/** Without options, what every BLAKE2b of a whole message begins with. @throws RangeError where `person` is too long */
export function blake2bStart(options: Partial<Blake2bOptions> = {}): Blake2bStart {
  const { digestSize = 64, fanout = 1, depth = 1, nodeDepth = 0, innerSize = 0, lastNode = false } = options;
  const { person = new Uint8Array() } = options;
  if (person.length > 16) throw new RangeError('A personalisation has at most 16 bytes.');
  const state = new Uint8Array(64);
  state[0] = digestSize;
  state[2] = fanout;
  state[3] = depth;
  state[16] = nodeDepth;
  state[17] = innerSize;
  state.set(person, 48);
  const words = new DataView(state.buffer);
  initialWords.forEach((word, i) => {
    words.setBigUint64(i * 8, words.getBigUint64(i * 8, true) ^ word, true);
  });
  return { state, digestSize, lastNode };
}

/** The digest of a whole message, of `digestSize` bytes. */
export function blake2b(start: Blake2bStart, message: Uint8Array): Uint8Array {
  const { bytes, view, compress } = machine();
  const { length } = message;
  bytes.set(start.state, places.state);
  // the block, and the two flags behind the length
  bytes.fill(0, places.block, places.lastNode + 8);
  let at = 0;
  for (; length - at > blockBytes; at += blockBytes) {
    bytes.set(message.subarray(at, at + blockBytes), places.block);
    setLength(view, at + blockBytes);
    compress();
  }
  bytes.fill(0, places.block, places.length);
  bytes.set(at === 0 ? message : message.subarray(at), places.block);
  setLength(view, length);
  bytes.fill(0xff, places.lastBlock, places.lastBlock + 8);
  if (start.lastNode) bytes.fill(0xff, places.lastNode, places.lastNode + 8);
  compress();
  return bytes.slice(places.state, places.state + start.digestSize);
}

function setLength(view: DataView, length: number): void {
  view.setUint32(places.length, length, true);
  view.setUint32(places.length + 4, Math.floor(length / 0x1_0000_0000), true);
}
