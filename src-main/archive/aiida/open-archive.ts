import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import type { Peer } from '../../isolate/peer.ts';
import { readFolder } from '../leftovers.ts';
import type { ArchiveContainer } from './container/archive-container.ts';
import { checkRoom } from './container/budgets.ts';
import type { OpenOptions } from './container/open-options.ts';
import { ForeignClient, limitsFor } from './foreign/foreign-client.ts';
import { rowReaders, type ReadableTable, type RowOf } from './foreign/rows.ts';
import type { ForeignCounts } from './foreign/tables.ts';
import { openContainer } from './open-container.ts';

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
  readonly container: ArchiveContainer;
  readonly counts: ForeignCounts;
  readonly #client: ForeignClient;
  readonly #folder: string;
  readonly #now: number;

  /** @throws StemmaError for everything that makes the file no archive, or a dangerous one */
  static async open(
    file: string,
    surroundings: ArchiveSurroundings,
    { progress, signal }: Pick<OpenOptions, 'progress' | 'signal'> = {},
  ): Promise<OpenArchive> {
    const { now } = surroundings;
    const scratch = await readFolder(surroundings.cache);
    try {
      const options = { scratch, now, signal, ...(progress && { progress }) };
      return await OpenArchive.over(await openContainer(file, options), scratch, surroundings, signal);
    } catch (error) {
      await rm(scratch, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * Over a container that is open; it is closed where this fails.
   * @param folder of ours, which goes when the archive is closed
   */
  static async over(
    container: ArchiveContainer,
    folder: string,
    { startReader, now }: ArchiveSurroundings,
    signal: AbortSignal | undefined,
  ): Promise<OpenArchive> {
    let client: ForeignClient | null = null;
    try {
      checkRoom(container.name, container.databaseBytes, folder);
      const database = path.join(folder, `${randomUUID()}.sqlite3`);
      // starts while the database is unpacked
      client = new ForeignClient(startReader(), limitsFor(container.databaseBytes));
      await container.extractDatabase(database, signal);
      await client.open(database);
      signal?.throwIfAborted();
      return new OpenArchive(container, await client.counts(), client, folder, now() * 1000);
    } catch (error) {
      container.close();
      client?.close();
      throw error;
    }
  }

  private constructor(
    container: ArchiveContainer,
    counts: ForeignCounts,
    client: ForeignClient,
    folder: string,
    now: number,
  ) {
    this.container = container;
    this.counts = counts;
    this.#client = client;
    this.#folder = folder;
    this.#now = now;
  }

  get info(): ArchiveInfo {
    const { nodes, links, groups, computers, users, logs, comments } = this.counts;
    return {
      ...this.container.metadata.says,
      nodes,
      links,
      groups,
      computers,
      users,
      logs,
      comments,
      files: this.container.objectCount,
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
    this.container.close();
    this.#client.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
