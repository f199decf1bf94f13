/** How fast archives come in and go out, and how long the main thread is held meanwhile. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeArchives } from '#main/archive/archives.ts';
import { prepareWriter } from '#main/provenance/database.ts';
import { migrate } from '#main/provenance/migrate.ts';
import { openRepository } from '#main/repository/repository.ts';
import type { UserId } from '#shared/provenance/ids.ts';
import { watchLoop, type LoopFigures } from './watch-loop.ts';

export interface ArchiveRates extends LoopFigures {
  readonly nodes: number;
  readonly links: number;
  readonly archiveBytes: number;
  readonly previewNodesPerSecond: number;
  readonly importNodesPerSecond: number;
  readonly exportNodesPerSecond: number;
}

/** One archive of so many nodes, in and out, in a profile of its own. */
export async function measureArchives(file: string): Promise<ArchiveRates> {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-rates-'));
  try {
    const database = join(folder, 'stemma.sqlite');
    const db = new Database(database);
    prepareWriter(db);
    migrate(db, database);
    db.exec(`INSERT INTO users (id, email) VALUES (1, 'owner@example.org')`);
    const repository = await openRepository(join(folder, 'repository'));
    const archives = makeArchives({
      database,
      repository,
      cache: join(folder, 'cache'),
      user: () => 1 as UserId,
      onImported: () => undefined,
    });
    const loop = watchLoop();
    const seconds = async (work: () => Promise<unknown>): Promise<number> => {
      const begin = performance.now();
      await work();
      return (performance.now() - begin) / 1000;
    };
    const { links, nodes: count } = await archives.info(file);
    const preview = await seconds(() => archives.previewImport(file));
    const imported = await seconds(() => archives.import(file, null));
    const out = join(folder, 'out.aiida');
    const selection = { what: { kind: 'all' }, rules: {}, logs: true, comments: true } as const;
    const exported = await seconds(() => archives.export({ selection, file: out, compression: 6 }));
    const longest = loop.stop();
    await repository.close();
    db.close();
    return {
      nodes: count,
      links,
      archiveBytes: statSync(file).size,
      previewNodesPerSecond: Math.round(count / preview),
      importNodesPerSecond: Math.round(count / imported),
      exportNodesPerSecond: Math.round(count / exported),
      ...longest,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
