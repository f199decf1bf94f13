import { randomUUID } from 'node:crypto';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import type { Peer } from '../../isolate/peer.ts';
import { cacheFolders } from '../leftovers.ts';
import { checkRoom } from './container/budgets.ts';
import { ZipArchive } from './container/zip-archive.ts';
import { ForeignClient, limitsFor } from './foreign/foreign-client.ts';
import { rowReaders, type ReadableTable, type RowOf } from './foreign/rows.ts';
import type { ForeignCounts } from './foreign/tables.ts';

/** What opening an archive needs of its surroundings. */
export interface ArchiveSurroundings {
  /** A private folder on the disk of the profile; what is put there is taken away again. */
  readonly cache: string;
  /** Starts the process that reads its database. */
  readonly startReader: () => Peer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An archive that was found to be one: its files at hand, its database behind a process that may die. */
export class OpenArchive {
  readonly zip: ZipArchive;
  readonly counts: ForeignCounts;
  readonly #client: ForeignClient;
  readonly #folder: string;
  readonly #now: number;

  /** @throws StemmaError for everything that makes the file no archive, or a dangerous one */
  static async open(
    file: string,
    { cache, startReader, now }: ArchiveSurroundings,
    signal?: AbortSignal,
  ): Promise<OpenArchive> {
    const zip = await ZipArchive.open(file);
    let folder: string | null = null;
    let client: ForeignClient | null = null;
    try {
      await mkdir(cache, { recursive: true, mode: 0o700 });
      checkRoom(zip.name, zip.databaseBytes, cache);
      folder = await mkdtemp(path.join(cache, cacheFolders.read));
      const database = path.join(folder, `${randomUUID()}.sqlite3`);
      await zip.extractDatabase(database, signal);
      client = new ForeignClient(startReader(), limitsFor(zip.databaseBytes));
      await client.open(database);
      signal?.throwIfAborted();
      return new OpenArchive(zip, await client.counts(), client, folder, now() * 1000);
    } catch (error) {
      zip.close();
      client?.close();
      if (folder !== null) await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(
    zip: ZipArchive,
    counts: ForeignCounts,
    client: ForeignClient,
    folder: string,
    now: number,
  ) {
    this.zip = zip;
    this.counts = counts;
    this.#client = client;
    this.#folder = folder;
    this.#now = now;
  }

  get info(): ArchiveInfo {
    const { nodes, links, groups, computers, users, logs, comments } = this.counts;
    const { version, aiidaVersion } = this.zip.metadata;
    return {
      version,
      aiidaVersion,
      nodes,
      links,
      groups,
      computers,
      users,
      logs,
      comments,
      files: this.zip.objectCount,
    };
  }

  /** All rows of a table, some thousand at a time. */
  async *pages<T extends ReadableTable>(table: T, signal?: AbortSignal): AsyncGenerator<readonly RowOf<T>[]> {
    const read = rowReaders(this.#now)[table] as (cells: readonly unknown[]) => RowOf<T>;
    for await (const page of this.#client.pages(table)) {
      signal?.throwIfAborted();
      yield page.map((cells) => read(cells));
    }
  }

  async close(): Promise<void> {
    this.zip.close();
    this.#client.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
