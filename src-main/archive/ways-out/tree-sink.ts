import { createReadStream, createWriteStream, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import path from 'node:path';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { syncDirectory } from '../../repository/durable.ts';
import type { ObjectReader } from '../../repository/object-reader.ts';
import type { PurgedObject } from '../../repository/types.ts';
import { ZipWriter } from '../aiida/export/zip-writer.ts';

/**
 * Where a tree of files is written: a folder or a zip. Paths have `/`, begin with no slash, and each part has gone through
 * `safeName`; a sink refuses any other.
 */
export interface TreeSink {
  /** How many files were written, and how many bytes they have unpacked. */
  readonly files: number;
  readonly bytes: number;
  /** A folder that has to be there even where nothing is in it. */
  folder(name: string): void;
  text(name: string, content: string): Promise<void>;
  /**
   * A stored file, compared with its hash as it is read. In place of one whose content was purged a small text says so,
   * under another name, so that no program takes it for the file.
   * @returns the name that was written
   * @throws StemmaError `object-missing`, `object-damaged`
   */
  object(name: string, hash: ObjectHash): Promise<string>;
  /** Null where its content is there. */
  purged(hash: ObjectHash): PurgedObject | null;
  /** A file that was prepared elsewhere. */
  copy(name: string, from: string): Promise<void>;
  /** Makes a zip durable. Of a folder the names in every part of it: the files are left to the system to write back. */
  finish(): void;
  close(): void;
}

/** A path that leads nowhere else. @throws Error for one that would; a defect of ours */
function checked(name: string): string {
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part)))
    throw new Error(`“${name}” is no path inside of a tree`);
  return name;
}

/** Objects above this size (bytes) go through a stream. */
const inMemory = 4 << 20;

const purgedIn = (objects: ObjectReader, hash: ObjectHash): PurgedObject | null =>
  objects.size(hash) === null ? objects.purged(hash) : null;

async function writeNote(
  sink: Pick<TreeSink, 'text'>,
  name: string,
  { hash, size, time }: PurgedObject,
): Promise<string> {
  const place = `${name}.purged.txt`;
  const words = `The content of this file was purged on ${new Date(time).toISOString().slice(0, 10)}.`;
  await sink.text(place, `${words}\nSHA-256: ${hash}\nsize: ${size} bytes\n`);
  return place;
}

/** A tree as a folder. What could not be finished stays there: who made the sink takes it away. */
export class FolderSink implements TreeSink {
  readonly #root: string;
  readonly #objects: ObjectReader;
  readonly #sync: (directory: string) => void;
  /** Each folder below the root, after the one that it is in. */
  readonly #made = new Set<string>();
  files = 0;
  bytes = 0;

  /**
   * @param root is made, and must not be there yet
   * @param sync makes the names in a folder durable
   */
  constructor(root: string, objects: ObjectReader, sync: (directory: string) => void = syncDirectory) {
    mkdirSync(root);
    this.#root = root;
    this.#objects = objects;
    this.#sync = sync;
  }

  folder(name: string): void {
    if (this.#made.has(name)) return;
    const above = path.posix.dirname(checked(name));
    if (above !== '.') this.folder(above);
    mkdirSync(this.#path(name));
    this.#made.add(name);
  }

  async text(name: string, content: string): Promise<void> {
    const bytes = Buffer.from(content);
    writeFileSync(this.#place(name), bytes, { flag: 'wx' });
    this.#count(bytes.length);
  }

  purged(hash: ObjectHash): PurgedObject | null {
    return purgedIn(this.#objects, hash);
  }

  async object(name: string, hash: ObjectHash): Promise<string> {
    const purged = this.purged(hash);
    if (purged !== null) return writeNote(this, name, purged);
    const size = this.#objects.size(hash) ?? 0;
    const place = this.#place(name);
    if (size > inMemory)
      await pipeline(this.#objects.stream(hash), createWriteStream(place, { flags: 'wx' }));
    else writeFileSync(place, await this.#objects.bytes(hash), { flag: 'wx' });
    this.#count(size);
    return name;
  }

  async copy(name: string, from: string): Promise<void> {
    await pipeline(createReadStream(from), createWriteStream(this.#place(name), { flags: 'wx' }));
    this.#count(statSync(from).size);
  }

  /** From within, so that a name is durable before the one by which it is reached. */
  finish(): void {
    for (const name of [...this.#made].toReversed()) this.#sync(this.#path(name));
    this.#sync(this.#root);
  }

  close(): void {
    // every file is closed as soon as it is written
  }

  #place(name: string): string {
    const folder = path.posix.dirname(checked(name));
    if (folder !== '.') this.folder(folder);
    return this.#path(name);
  }

  #path(name: string): string {
    return path.join(this.#root, ...name.split('/'));
  }

  #count(size: number): void {
    this.files++;
    this.bytes += size;
  }
}

/** The same tree as one zip; every entry has the time `modified`. */
export class ZipSink implements TreeSink {
  readonly #zip: ZipWriter;
  readonly #objects: ObjectReader;
  readonly #folders = new Set<string>();
  files = 0;
  bytes = 0;

  constructor(file: string, objects: ObjectReader, modified: Date) {
    this.#zip = new ZipWriter(file, 6, modified);
    this.#objects = objects;
  }

  folder(name: string): void {
    if (this.#folders.has(name)) return;
    this.#folders.add(name);
    this.#zip.add({ name: `${checked(name)}/`, method: 0, crc: 0, size: 0, packed: new Uint8Array() });
  }

  async text(name: string, content: string): Promise<void> {
    const bytes = Buffer.from(content);
    this.#parents(name);
    this.#zip.add(await this.#zip.pack(checked(name), bytes));
    this.#count(bytes.length);
  }

  purged(hash: ObjectHash): PurgedObject | null {
    return purgedIn(this.#objects, hash);
  }

  async object(name: string, hash: ObjectHash): Promise<string> {
    const purged = this.purged(hash);
    if (purged !== null) return writeNote(this, name, purged);
    const size = this.#objects.size(hash) ?? 0;
    this.#parents(name);
    if (size > inMemory) await this.#zip.addStream(checked(name), this.#objects.stream(hash), size);
    else this.#zip.add(await this.#zip.pack(checked(name), await this.#objects.bytes(hash)));
    this.#count(size);
    return name;
  }

  async copy(name: string, from: string): Promise<void> {
    const { size } = statSync(from);
    this.#parents(name);
    await this.#zip.addStream(checked(name), createReadStream(from), size);
    this.#count(size);
  }

  finish(): void {
    this.#zip.finish([]);
  }

  close(): void {
    this.#zip.close();
  }

  /** Every folder has an entry of its own: some readers look for it. */
  #parents(name: string): void {
    const parts = name.split('/').slice(0, -1);
    for (const i of parts.keys()) this.folder(parts.slice(0, i + 1).join('/'));
  }

  #count(size: number): void {
    this.files++;
    this.bytes += size;
  }
}
