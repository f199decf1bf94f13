/**
 * How fast archives come in and go out, and how long the main thread is held meanwhile.
 * Run: `node test/bench/archive-rates.ts [NODES]`.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeArchives } from '#main/archive/archives.ts';
import { prepareWriter } from '#main/provenance/database.ts';
import { migrate } from '#main/provenance/migrate.ts';
import { openRepository } from '#main/repository/repository.ts';
import type { UserId } from '#shared/provenance/ids.ts';
import { writeBigArchive } from './big-archive.ts';

export interface ArchiveRates {
  readonly nodes: number;
  readonly links: number;
  readonly archiveBytes: number;
  readonly previewNodesPerSecond: number;
  readonly importNodesPerSecond: number;
  readonly exportNodesPerSecond: number;
  /** Longest time that the main thread itself worked between two turns of its event loop. */
  readonly longestBlockMs: number;
  /** Longest time between two turns, with what the system took for other threads and programs. */
  readonly longestGapMs: number;
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

function watchLoop(): { stop(): Pick<ArchiveRates, 'longestBlockMs' | 'longestGapMs'> } {
  const workedMs = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let [time, worked] = [performance.now(), workedMs()];
  let [longestGap, longestBlock] = [0, 0];
  const timer = setInterval(() => {
    const [now, done] = [performance.now(), workedMs()];
    longestGap = Math.max(longestGap, now - time);
    longestBlock = Math.max(longestBlock, done - worked);
    [time, worked] = [now, done];
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return { longestBlockMs: tenths(longestBlock), longestGapMs: tenths(longestGap) };
    },
  };
}

export async function measureArchives(nodes: number, kept?: string): Promise<ArchiveRates> {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-rates-'));
  try {
    const file = kept ?? join(folder, 'big.aiida');
    if (!existsSync(file)) await writeBigArchive(file, nodes);
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

if (process.argv[1] === import.meta.filename) {
  console.log(await measureArchives(Number(process.argv[2] ?? 100_000), process.argv[3]));
}
