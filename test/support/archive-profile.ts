import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { makeArchives, type Archives } from '#main/archive/archives.ts';
import { makeArchiveHandlers } from '#main/handlers/archives.ts';
import { ImportJobs } from '#main/handlers/import-jobs.ts';
import { OpenArchives } from '#main/handlers/open-archives.ts';
import { RecentArchives } from '#main/handlers/recent-archives.ts';
import { FileHandles } from '#main/profile/file-handles.ts';
import { openReader, prepareWriter } from '#main/provenance/database.ts';
import { migrate } from '#main/provenance/migrate.ts';
import { openReaders, type Readers } from '#main/provenance/readers.ts';
import { openRepository, type SharedRepository } from '#main/repository/repository.ts';
import { systemClock } from '#shared/base/system-clock.ts';
import type { ExportPreview, ExportSelection } from '#shared/contract/areas/sharing.ts';
import type { UserId } from '#shared/provenance/ids.ts';
import { makeStorage, type Storage } from '#main/storage/storage.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A profile with nothing but what the archive room needs of it. */
export interface ArchiveTestProfile {
  readonly folder: string;
  readonly database: string;
  readonly repository: SharedRepository;
  readonly archives: Archives;
  readonly storage: Storage;
  readonly readers: Readers;
  readonly open: OpenArchives;
  readonly files: FileHandles;
  readonly handlers: ReturnType<typeof makeArchiveHandlers>;
  previewExport(selection: ExportSelection): Promise<ExportPreview>;
  /** How often an import said that it had committed. */
  readonly imports: () => number;
  /** All rows of a query on the profile as it is now. */
  rows<T = Record<string, unknown>>(sql: string, ...values: unknown[]): readonly T[];
  /** Runs SQL on the profile, as the engine would write. */
  write(sql: string): void;
  close(): Promise<void>;
}

export async function makeArchiveProfile(folder: string): Promise<ArchiveTestProfile> {
  const database = join(folder, 'stemma.sqlite');
  const db = new Database(database);
  prepareWriter(db);
  migrate(db, database);
  db.exec(
    `INSERT INTO users (id, email, first_name, last_name) VALUES (1, 'owner@example.org', 'Own', 'Er') ON CONFLICT DO NOTHING`,
  );
  const repository = await openRepository(join(folder, 'repository'));
  let imports = 0;
  const archives = makeArchives({
    database,
    repository,
    cache: join(folder, 'cache'),
    user: () => 1 as UserId,
    onImported: () => {
      imports++;
    },
  });
  const storage = makeStorage({ database, repository, onChanged: () => {} });
  const readers = openReaders({
    file: database,
    objects: {
      sizes: (hashes) => repository.sizes(hashes),
      read: () => Promise.reject(new Error('no file is read through a source here')),
    },
  });
  const files = new FileHandles();
  const open = new OpenArchives(readers, join(folder, 'cache'), Date.now);
  const recent = new RecentArchives({
    file: join(folder, 'recent-archives'),
    files,
    now: Date.now,
    warn: (message) => {
      throw new Error(message);
    },
  });
  const demoFile = join(import.meta.dirname, '../../resources/demo/demo.aiida');
  const handlers = makeArchiveHandlers({
    archives,
    open,
    recent,
    imports: new ImportJobs(Date.now),
    readers,
    repository,
    files,
    demoFile,
    room: null,
    clock: systemClock,
  });
  return {
    folder,
    database,
    repository,
    archives,
    storage,
    readers,
    open,
    files,
    handlers,
    previewExport: async (selection) =>
      handlers['archives.previewExport'](selection, { signal: new AbortController().signal }),
    imports: () => imports,
    rows<T>(sql: string, ...values: unknown[]): readonly T[] {
      const reader = openReader(database);
      try {
        return reader.prepare(sql).all(...values) as T[];
      } finally {
        reader.close();
      }
    },
    write: (sql) => {
      db.exec(sql);
    },
    async close() {
      await open.closeAll();
      readers.close();
      await repository.close();
      if (db.open) db.close();
    },
  };
}

/** The same, gone when the running test ends. */
export async function archiveProfile(): Promise<ArchiveTestProfile> {
  const profile = await makeArchiveProfile(temporaryFolder());
  onTestFinished(() => profile.close());
  return profile;
}
