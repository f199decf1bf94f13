import type Database from 'better-sqlite3';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { filesOf, readRepositoryTree } from '#shared/provenance/repository-tree.ts';

const pageRows = 2000;

/** The files of the chosen nodes, each once. */
export async function* namedObjects(db: Database.Database, signal: AbortSignal): AsyncGenerator<ObjectHash> {
  const page = db.prepare<[number, number], { id: number; repository: string }>(
    `SELECT n.id, n.repository_metadata AS repository FROM chosen AS c JOIN nodes AS n ON n.id = c.id
     WHERE c.id > ? AND n.repository_metadata <> '{}' ORDER BY c.id LIMIT ?`,
  );
  const seen = new Set<ObjectHash>();
  for (let after = 0; ;) {
    const rows = page.all(after, pageRows);
    for (const { id, repository } of rows) {
      after = id;
      for (const [, hash] of filesOf(readRepositoryTree(JSON.parse(repository)))) {
        if (seen.has(hash)) continue;
        seen.add(hash);
        yield hash;
      }
    }
    if (rows.length < pageRows) return;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    signal.throwIfAborted();
  }
}
