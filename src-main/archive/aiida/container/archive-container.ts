import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { letGoOf } from '../../../isolate/lean-heap.ts';
import { archiveDamaged } from './archive-errors.ts';
import type { ObjectMembers } from './found-members.ts';
import { smallMember, type Member } from './member.ts';
import type { ArchiveMetadata } from './metadata.ts';

/** What makes up an archive that can be read, whatever its container and its version. */
export interface ContainerParts {
  readonly name: string;
  readonly metadata: ArchiveMetadata;
  readonly objects: ObjectMembers;
  readonly database: Member;
  /** Entries that are not of the format. */
  readonly ignored: number;
  /** Sentences on how it was read. */
  readonly notes: readonly string[];
  readonly close: () => void;
}

/**
 * An archive as it can be browsed and imported: metadata, a database, and files by their hash. Nothing is ever unpacked
 * under a name from the file.
 */
export class ArchiveContainer {
  readonly name: string;
  readonly metadata: ArchiveMetadata;
  readonly notes: readonly string[];
  /** Entries that are not of the format. */
  readonly ignored: number;
  readonly #parts: ContainerParts;

  constructor(parts: ContainerParts) {
    this.name = parts.name;
    this.metadata = parts.metadata;
    this.notes = parts.notes;
    this.ignored = parts.ignored;
    this.#parts = parts;
  }

  get databaseBytes(): number {
    return this.#parts.database.size;
  }

  /** Tells this archive from others wherever it lies, by its metadata and its sizes. */
  get fingerprint(): string {
    let objectBytes = 0;
    for (const { size } of this.#parts.objects.values()) objectBytes += size;
    const facts = [this.metadata.digest, this.databaseBytes, this.objectCount, objectBytes];
    return createHash('sha256').update(facts.join(' ')).digest('hex').slice(0, 32);
  }

  get objectCount(): number {
    return this.#parts.objects.size;
  }

  objectSize(hash: ObjectHash): number | null {
    return this.#parts.objects.get(hash)?.size ?? null;
  }

  /** The order in which the file is read from start to end. */
  inFileOrder(hashes: Iterable<ObjectHash>): readonly ObjectHash[] {
    const all = [...hashes];
    // each is looked for once, not at every comparison
    const offsets = Float64Array.from(all, (hash) => this.#parts.objects.get(hash)?.offset ?? 0);
    const order = Uint32Array.from(all, (_, i) => i);
    order.sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0));
    return Array.from(order, (i) => all[i] as ObjectHash);
  }

  /**
   * The content of an object, not yet compared with its hash (that is for who stores it).
   * @throws StemmaError `archive-damaged`
   */
  object(hash: ObjectHash): Buffer | Readable {
    const member = this.#parts.objects.get(hash);
    if (member === undefined) throw archiveDamaged(hash, 'a file that a node names is not in it');
    return member.size <= smallMember ? member.read() : Readable.from(member.stream());
  }

  /** The database piece by piece; an error follows the last one where it is not what was promised. */
  databaseStream(): AsyncIterable<Buffer> {
    return this.#parts.database.stream();
  }

  /** Writes the database to `target`, a new file of ours. */
  async extractDatabase(
    target: string,
    signal?: AbortSignal,
    onBytes?: (written: number) => void,
  ): Promise<void> {
    await writeMember(this.#parts.database, target, signal, onBytes);
  }

  close(): void {
    this.#parts.close();
  }
}

/** Writes a member to `target`, a new file of ours for as long as the archive is open: a power cut may take it. */
export async function writeMember(
  member: Member,
  target: string,
  signal?: AbortSignal,
  onBytes?: (written: number) => void,
): Promise<void> {
  let written = 0;
  const fd = openSync(target, 'wx', 0o600);
  try {
    for await (const piece of member.stream()) {
      signal?.throwIfAborted();
      writeSync(fd, piece);
      letGoOf(piece.length);
      written += piece.length;
      onBytes?.(written);
    }
  } finally {
    closeSync(fd);
  }
}
