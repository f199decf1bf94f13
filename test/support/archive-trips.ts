import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { previewAnonymous, type AnonymousRequest } from '#main/archive/aiida/anonymous/preview-anonymous.ts';
import { exportArchive } from '#main/archive/aiida/export/export-archive.ts';
import { importArchive } from '#main/archive/aiida/import/import-archive.ts';
import { forkChild, type Peer } from '#main/isolate/peer.ts';
import { openCopier, openReader, openSecondWriter, prepareWriter } from '#main/provenance/database.ts';
import { migrate } from '#main/provenance/migrate.ts';
import { ObjectReader } from '#main/repository/object-reader.ts';
import { openRepository, type SharedRepository } from '#main/repository/repository.ts';
import { nothingSaid } from '#shared/provenance/archive-words.ts';
import type { AnonymityReport } from '#shared/contract/areas/anonymous.ts';
import type { AnonymousChoice } from '#shared/contract/areas/anonymous-choice.ts';
import { importOptions } from '#shared/contract/areas/import-options.ts';
import { exportSelection } from '#shared/contract/areas/sharing.ts';
import type { UserId } from '#shared/provenance/ids.ts';

/** The profile to which an archive went, and the one that came out of it. */
export interface Trip {
  readonly database: string;
  readonly file: string;
}

const nowhere = { user: '', host: '', home: '/' };
const quietly = () => ({ now: Date.now, progress: () => {}, signal: new AbortController().signal });

/**
 * Archives that go into an empty profile each and out of it again, many of them in little time: what the threads of the
 * app do is done here, one process reads all foreign databases, and one repository has the files of all profiles (an
 * export reads each by its hash). One trip at a time.
 */
export class ArchiveTrips {
  readonly #folder: string;
  readonly #repository: SharedRepository;
  readonly #reader: Peer;
  readonly #empty: string;
  readonly #cache: string;
  #hear: (message: unknown) => void = () => {};
  #died: (why: string) => void = () => {};

  static async inFolder(folder: string): Promise<ArchiveTrips> {
    const empty = join(folder, 'empty.sqlite');
    const db = new Database(empty);
    prepareWriter(db);
    migrate(db, empty);
    db.exec(`INSERT INTO users (id, email) VALUES (1, 'owner@example.org') ON CONFLICT DO NOTHING`);
    db.pragma('journal_mode = DELETE');
    db.close();
    return new ArchiveTrips(folder, empty, await openRepository(join(folder, 'repository')));
  }

  private constructor(folder: string, empty: string, repository: SharedRepository) {
    this.#folder = folder;
    this.#empty = empty;
    this.#cache = join(folder, 'cache');
    this.#repository = repository;
    this.#reader = forkChild(() => null)('foreign-child');
    this.#reader.onMessage((message) => this.#hear(message));
    this.#reader.onExit((why) => this.#died(why));
  }

  get repository(): SharedRepository {
    return this.#repository;
  }

  /** @param name of the file that comes out, without its extension */
  async make(archive: string, name: string): Promise<Trip> {
    const database = await this.bring(archive, name);
    return { database, file: await this.send(database, name) };
  }

  /** Imports into an empty profile; gives its database. */
  async bring(archive: string, name: string): Promise<string> {
    const database = join(this.#folder, `${name}.sqlite`);
    cpSync(this.#empty, database);
    await importArchive({
      ...quietly(),
      file: archive,
      surroundings: { cache: this.#cache, startReader: () => this.#lent(), now: Date.now },
      openDatabase: (mode) => (mode === 'reader' ? openReader(database) : openSecondWriter(database)),
      repository: this.#repository,
      options: importOptions.parse({ group: { kind: 'none' } }),
      user: 1 as UserId,
      write: true,
      keepFree: 0,
    });
    return database;
  }

  /** Exports everything. */
  async send(database: string, name: string, anonymous: AnonymousChoice = null): Promise<string> {
    const file = join(this.#folder, `${name}.aiida`);
    return this.#reading(openCopier(database), async (parts) => {
      await exportArchive({
        ...parts,
        about: nothingSaid,
        file,
        compression: 1,
        cache: this.#cache,
        anonymous,
      });
      return file;
    });
  }

  /** What an anonymous export would do. */
  preview(database: string): Promise<AnonymityReport> {
    const db = openReader(database);
    db.pragma('query_only = OFF');
    return this.#reading(db, previewAnonymous);
  }

  async #reading<T>(db: AnonymousRequest['db'], work: (parts: AnonymousRequest) => Promise<T>): Promise<T> {
    const objects = new ObjectReader(this.#repository.root);
    try {
      const selection = exportSelection.parse({ what: { kind: 'all' } });
      return await work({ ...quietly(), selection, machine: nowhere, db, objects });
    } finally {
      objects.close();
      db.close();
    }
  }

  async close(): Promise<void> {
    this.#reader.kill();
    await this.#repository.close();
  }

  /** The one process, which takes another database when it is asked to, and outlives whoever asks. */
  #lent(): Peer {
    return {
      post: (message) => this.#reader.post(message),
      onMessage: (listener) => {
        this.#hear = listener;
      },
      onExit: (listener) => {
        this.#died = listener;
      },
      kill: () => {
        this.#hear = () => {};
        this.#died = () => {};
      },
      memory: () => null,
    };
  }
}
