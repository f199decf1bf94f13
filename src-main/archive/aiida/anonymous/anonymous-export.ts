import type Database from 'better-sqlite3';
import type { Progress } from '#shared/contract/common.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { ObjectReader } from '../../../repository/object-reader.ts';
import { AnonymousRows } from './anonymous-rows.ts';
import { collectIdentities, type Machine } from './collect-identities.ts';
import { KnownStrings } from './known-strings.ts';
import { scanFiles } from './scan-files.ts';

export interface AnonymousExport {
  readonly rows: AnonymousRows;
  /** Files that stay behind. */
  readonly left: ReadonlySet<ObjectHash>;
}

/**
 * What makes the export anonymous, after its rows were chosen.
 * @param all files that would leave
 */
export async function anonymousExport(
  request: {
    /** What becomes of files in whose content one of the known texts stands. */
    readonly files: 'keep' | 'leave-out';
    readonly db: Database.Database;
    readonly machine: Machine;
    readonly objects: ObjectReader;
    readonly progress: (progress: Progress) => void;
    readonly signal: AbortSignal;
  },
  all: readonly ObjectHash[],
): Promise<AnonymousExport> {
  const { files, db, machine, objects, progress, signal } = request;
  progress({ done: 0, total: null, unit: 'steps', words: 'Looking for names and places' });
  const identities = collectIdentities(db, machine);
  const known = new KnownStrings(identities.names.found);
  const left =
    files === 'keep'
      ? new Set<ObjectHash>()
      : new Set((await scanFiles(all, objects, known, progress, signal)).found.keys());
  return { rows: new AnonymousRows(identities, known, left), left };
}
