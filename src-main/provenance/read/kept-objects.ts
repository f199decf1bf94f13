import { HashSet } from './object-hashes.ts';
import type { ReadSession } from './session.ts';

const rowsAtOnce = 2000;

/** Texts in which the engine keeps what a process that has not ended works with. */
const engineTexts = [
  'SELECT process_id, state FROM runs',
  'SELECT process_id, payload FROM effects',
  'SELECT process_id, event FROM inbox',
  'SELECT s.process_id, s.record FROM runs AS r JOIN workflow_steps AS s ON s.process_id = r.process_id',
] as const;

/** Calls `look` with every text that the engine keeps of processes that have not ended. */
export function eachEngineText(session: ReadSession, look: (text: string) => void): void {
  for (const sql of engineTexts) {
    for (const [, text] of session.raw<readonly [number, string]>(sql)) look(text);
  }
}

const anyHash = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/**
 * Of every file that must not be let go: those of nodes, those of nodes that can be restored, and whatever looks like a
 * hash in the texts of the engine, whose keys are its own business.
 */
export function keptObjects(session: ReadSession): HashSet {
  const hashes = new HashSet();
  for (const table of ['nodes', 'deleted_nodes']) {
    for (let after = -1; ;) {
      const rows = session.raw<readonly [id: number, repository: string]>(
        `SELECT id, repository_metadata FROM ${table} WHERE id > ? AND repository_metadata <> '{}' ORDER BY id LIMIT ?`,
        after,
        rowsAtOnce,
      );
      for (const [id, repository] of rows) {
        hashes.add(repository);
        after = id;
      }
      if (rows.length < rowsAtOnce) break;
    }
  }
  eachEngineText(session, (text) => {
    for (const [hash] of text.matchAll(anyHash)) hashes.addHash(hash);
  });
  return hashes;
}
