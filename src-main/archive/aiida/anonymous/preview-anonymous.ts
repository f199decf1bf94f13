import type Database from 'better-sqlite3';
import type { AnonymityReport } from '#shared/contract/areas/anonymous.ts';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { filesOf, readRepositoryTree } from '#shared/provenance/repository-tree.ts';
import { nameOf } from '../../../provenance/read/node-rows.ts';
import type { ObjectReader } from '../../../repository/object-reader.ts';
import { chooseNodes, hashesIn } from '../export/choose-nodes.ts';
import { chosenRows, gatherRows } from '../export/chosen-rows.ts';
import { changedPages } from '../export/changed-pages.ts';
import { AnonymousRows } from './anonymous-rows.ts';
import { collectIdentities, type Machine } from './collect-identities.ts';
import { KnownStrings } from './known-strings.ts';
import { scanFiles } from './scan-files.ts';

const mostListed = 200;
/** Rows between two looks at whether it was cancelled. */
const restEvery = 2000;

export interface AnonymousRequest {
  readonly selection: ExportSelection;
  /** A reader of the profile's database, for this alone. */
  readonly db: Database.Database;
  readonly machine: Machine;
  readonly objects: ObjectReader;
  readonly now: () => number;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/**
 * Does all that an anonymised export does but the writing, so that what it says is what happens. Runs in a thread of its
 * own.
 * @throws StemmaError `not-sealed`, `node-missing`, `group-missing`, `object-…`
 */
export async function previewAnonymous(request: AnonymousRequest): Promise<AnonymityReport> {
  const { selection, db, machine, objects, now, progress, signal } = request;
  db.exec('BEGIN');
  try {
    const { files } = chooseNodes(db, selection, now);
    gatherRows(db, selection);
    progress({ done: 0, total: null, unit: 'steps', words: 'Looking for names and places' });
    const identities = collectIdentities(db, machine);
    const known = new KnownStrings(identities.names.found);
    const kept = new KnownStrings(identities.names.kept);
    const changing = new AnonymousRows(identities, known, new Set(), (text) => kept.note(text));
    let read = 0;
    for (const rows of chosenRows) {
      for (const page of changedPages(db, rows, changing)) {
        read += page.length;
        if (read < restEvery) continue;
        read = 0;
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        signal.throwIfAborted();
      }
    }
    // what was purged cannot leave
    const there = hashesIn(files).filter(
      (hash) => objects.size(hash) !== null || objects.purged(hash) === null,
    );
    const scan = await scanFiles(there, objects, known, progress, signal);
    const replaced = known.identities
      .map((identity) => ({ ...identity, times: known.times(identity) }))
      .filter(({ times }) => times > 0)
      .toSorted((a, b) => b.times - a.times);
    const named = namedFiles(db, scan.found);
    const nearby = new Map(
      replaced.filter((one) => one.nearby === true).map(({ text, times }) => [text, times]),
    );
    return {
      replaced: replaced
        .slice(0, mostListed)
        .map(({ kind, text, becomes, times }) => ({ kind, was: text, becomes, times })),
      replacedCount: replaced.length,
      changes: [...changing.changes]
        .map(([where, texts]) => ({ where, texts }))
        .toSorted((a, b) => b.texts - a.texts),
      kept: kept.identities
        .map((identity) => ({
          kind: identity.kind,
          text: identity.text,
          times: kept.times(identity) - (nearby.get(identity.text) ?? 0),
        }))
        .filter(({ times }) => times > 0)
        .toSorted((a, b) => b.times - a.times)
        .slice(0, mostListed),
      files: named.files,
      filesCount: named.count,
      contentsCount: scan.found.size,
      notText: scan.notText,
    };
  } finally {
    db.exec('ROLLBACK');
  }
}

interface FileNodeRow {
  readonly uuid: string;
  readonly node_type: string;
  readonly label: string;
  readonly process_label: string | null;
  readonly repository_metadata: string;
}

/** Under which names and nodes contents leave. */
function namedFiles(
  db: Database.Database,
  found: ReadonlyMap<ObjectHash, number>,
): { readonly files: AnonymityReport['files']; readonly count: number } {
  const files: AnonymityReport['files'] = [];
  let count = 0;
  if (found.size === 0) return { files, count };
  const rows = db.prepare<[], FileNodeRow>(
    `SELECT n.uuid, n.node_type, n.label, n.process_label, n.repository_metadata
     FROM chosen AS c CROSS JOIN nodes AS n ON n.id = c.id WHERE n.repository_metadata <> '{}' ORDER BY c.id`,
  );
  for (const row of rows.iterate()) {
    for (const [path, hash] of filesOf(readRepositoryTree(JSON.parse(row.repository_metadata)))) {
      const times = found.get(hash);
      if (times === undefined) continue;
      count++;
      if (files.length < mostListed) files.push({ uuid: row.uuid, node: nameOf(row), path, times });
    }
  }
  return { files, count };
}
