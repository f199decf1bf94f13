import Database from 'better-sqlite3';
import { formatBytes } from '#shared/base/bytes.ts';
import { userError } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import {
  filesOf,
  readRepositoryTree,
  writeRepositoryTree,
  type RepositoryDirectory,
  type RepositoryEntry,
} from '#shared/provenance/repository-tree.ts';
import { objectMissing } from '../../../repository/errors.ts';
import type { LocatedObjects } from '../../../repository/located-objects.ts';
import type { ObjectReader } from '../../../repository/object-reader.ts';
import type { PurgedObject } from '../../../repository/types.ts';
import { memberTexts, objectText, readJsonObject } from '../import/json-text.ts';

/**
 * The extra of a node that left without some of its files: path -> hash, size in bytes, and when it was purged. There is
 * no hash where nobody may try a guess of the content on it.
 */
export const purgedExtra = '_stemma_purged';

const rowsAtOnce = 2000;

/**
 * Tells files whose content was purged from those that can leave.
 * @param files 32 bytes for each
 * @throws StemmaError `files-purged` where there are some, unless they are to be left out; `object-missing`
 */
export function withoutPurged(
  files: Uint8Array,
  objects: Pick<ObjectReader, 'locate' | 'purged'>,
  leaveOut: boolean,
): { readonly there: LocatedObjects; readonly purged: ReadonlyMap<ObjectHash, PurgedObject> } {
  const purged = new Map<ObjectHash, PurgedObject>();
  const there = objects.locate(files, (hash) => {
    const gone = objects.purged(hash);
    if (gone === null) throw objectMissing(hash);
    purged.set(hash, gone);
  });
  if (purged.size > 0 && !leaveOut) {
    const bytes = [...purged.values()].reduce((sum, { size }) => sum + size, 0);
    throw userError({
      code: 'files-purged',
      message: `The content of ${purged.size} ${purged.size === 1 ? 'file' : 'files'} (${formatBytes(bytes)}) of these nodes was purged, and cannot leave.`,
      hint: 'Leave without the purged files, or bring them back first: restore the purge, or import an archive that holds them.',
    });
  }
  return { there, purged };
}

/**
 * Takes files out of the nodes of an archive's database, because an archive has to have every file that its nodes name
 * (aiida-core 2.9 reads them by hash). What is left out stands in an extra; nothing else changes. See
 * docs/decisions/purged-content.md.
 */
export function leaveOutPurged(
  file: string,
  purged: ReadonlyMap<ObjectHash, PurgedObject>,
  hashes: 'tell' | 'hide' = 'tell',
): void {
  if (purged.size === 0) return;
  const db = new Database(file);
  try {
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    // what a row was must not stay between the others
    db.pragma('secure_delete = ON');
    const page = db.prepare<[number, number], { id: number; extras: string; repository_metadata: string }>(
      `SELECT id, extras, repository_metadata FROM db_dbnode WHERE id > ? AND repository_metadata <> '{}'
       ORDER BY id LIMIT ?`,
    );
    const update = db.prepare('UPDATE db_dbnode SET extras = ?, repository_metadata = ? WHERE id = ?');
    db.transaction(() => {
      for (let after = 0; ;) {
        const rows = page.all(after, rowsAtOnce);
        for (const { id, extras, repository_metadata } of rows) {
          after = id;
          const tree = readRepositoryTree(JSON.parse(repository_metadata));
          const gone = [...filesOf(tree)].filter(([, hash]) => purged.has(hash));
          if (gone.length === 0) continue;
          const rest = JSON.stringify(writeRepositoryTree(pruned(tree, purged)));
          update.run(withNote(extras, gone, purged, hashes), rest, id);
        }
        if (rows.length < rowsAtOnce) return;
      }
    })();
  } finally {
    db.close();
  }
}

/** Folders stay, also where nothing is left in them. */
function pruned(tree: RepositoryDirectory, purged: ReadonlyMap<ObjectHash, unknown>): RepositoryDirectory {
  const children = new Map<string, RepositoryEntry>();
  for (const [name, child] of tree.children) {
    if (child.kind === 'directory') children.set(name, pruned(child, purged));
    else if (!purged.has(child.hash)) children.set(name, child);
  }
  return { kind: 'directory', children };
}

/** The text of the other extras stays as it is. A node that came in without some files keeps what is said of them. */
function withNote(
  extras: string,
  gone: readonly (readonly [path: string, hash: ObjectHash])[],
  purged: ReadonlyMap<ObjectHash, PurgedObject>,
  hashes: 'tell' | 'hide',
): string {
  const members = new Map(memberTexts(extras));
  const before = readJsonObject(members.get(purgedExtra)?.replace(/^"[^"]*"\s*:\s*/, '') ?? '{}');
  const note = new Map<string, unknown>(before.ok ? Object.entries(before.value) : []);
  for (const [path, hash] of gone) {
    const { size, time } = purged.get(hash) ?? { size: 0, time: 0 };
    const said = { size, purged: new Date(time).toISOString() };
    note.set(path, hashes === 'tell' ? { sha256: hash, ...said } : said);
  }
  // a path may be `__proto__`
  const entries = [...note].map(([path, said]) => `${JSON.stringify(path)}: ${JSON.stringify(said)}`);
  members.set(purgedExtra, `"${purgedExtra}": ${objectText(entries)}`);
  return objectText(members.values());
}
