import { createHash } from 'node:crypto';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { discard } from './durable.ts';
import { objectDiffers, writeError } from './errors.ts';
import type { Layout } from './layout.ts';
import type { ObjectSink } from './object-sink.ts';
import type { StoredObject } from './types.ts';

/** What nobody has gone on with for so long is not wanted any more. */
const mostAgeMs = 14 * 86_400_000;
/** All together; the newest is kept however large it is, because it saves the most. */
const mostBytes = 50e9;

const pieceBytes = 1 << 20;

/** The name says which object it will be: what is in the file are the first bytes of that and of no other. */
export const partialName = ({ hash, size }: StoredObject): string => `${hash}-${size}`;

export interface PartialFile {
  readonly name: string;
  /** What has come so far. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** Names of those that are too old, or too much beside newer ones. */
export function stalePartials(files: readonly PartialFile[], now: number): readonly string[] {
  let bytes = 0;
  return files
    .toSorted((a, b) => b.changed - a.changed)
    .filter((file, index) => {
      bytes += file.bytes;
      return now - file.changed > mostAgeMs || (index > 0 && bytes > mostBytes);
    })
    .map(({ name }) => name);
}

/** @param live names of those that somebody writes */
export async function removeStalePartials(layout: Layout, live: ReadonlySet<string>): Promise<void> {
  const names = (await readdir(layout.partial)).filter((name) => !live.has(name));
  const files = await Promise.all(
    names.map(async (name): Promise<PartialFile> => {
      const { size, mtimeMs } = await stat(path.join(layout.partial, name));
      return { name, bytes: size, changed: mtimeMs };
    }),
  );
  for (const name of stalePartials(files, Date.now())) await discard(path.join(layout.partial, name));
}

/**
 * An object that comes in more than one go. What has come stays in its file, also when the process is killed; the next
 * go reads it once to have its hash so far, and appends. What is there may be wrong after a power cut: the hash of the
 * whole tells.
 */
export class PartialSink implements ObjectSink {
  readonly #layout: Layout;
  readonly #expected: StoredObject;
  readonly #file: string;
  readonly #digest = createHash('sha256');
  readonly #publish: (temporary: string, hash: ObjectHash, size: number) => Promise<StoredObject>;
  readonly #ended: () => void;
  #handle: FileHandle | null = null;
  #size = 0;
  #hasEnded = false;

  constructor(
    layout: Layout,
    expected: StoredObject,
    publish: (temporary: string, hash: ObjectHash, size: number) => Promise<StoredObject>,
    ended: () => void,
  ) {
    this.#layout = layout;
    this.#expected = expected;
    this.#file = path.join(layout.partial, partialName(expected));
    this.#publish = publish;
    this.#ended = ended;
  }

  /** Resolves with how many bytes are here already. */
  async begin(): Promise<number> {
    this.#handle = await open(this.#file, 'a+', 0o600);
    const { size } = await this.#handle.stat();
    if (size > this.#expected.size) await this.#handle.truncate(0);
    else await this.#readWhatIsThere(this.#handle, size);
    return this.#size;
  }

  async #readWhatIsThere(handle: FileHandle, size: number): Promise<void> {
    const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, size));
    while (this.#size < size) {
      const { bytesRead } = await handle.read(piece, 0, piece.length, this.#size);
      if (bytesRead === 0) return;
      this.#digest.update(piece.subarray(0, bytesRead));
      this.#size += bytesRead;
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#handle === null) throw new Error('A partial object that is closed');
    try {
      await this.#handle.appendFile(chunk);
    } catch (error) {
      throw writeError(error, this.#layout.root);
    }
    this.#digest.update(chunk);
    this.#size += chunk.length;
  }

  /** @throws StemmaError `object-differs` where it is another one: then nothing of it is kept */
  async finish(): Promise<StoredObject> {
    const { hash, size } = this.#expected;
    try {
      if (this.#size !== size || this.#digest.digest('hex') !== hash) {
        await this.#close();
        await discard(this.#file);
        throw objectDiffers(hash);
      }
      await this.#handle?.chmod(0o444);
      await this.#handle?.sync();
      await this.#close();
      return await this.#publish(this.#file, hash, size);
    } catch (error) {
      throw writeError(error, this.#layout.root);
    } finally {
      await this.abort();
    }
  }

  /** What has come is kept. Also after `finish`, where it only forgets. */
  async abort(): Promise<void> {
    try {
      await this.#close();
    } finally {
      if (!this.#hasEnded) this.#ended();
      this.#hasEnded = true;
    }
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }
}
