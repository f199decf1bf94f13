import type Database from 'better-sqlite3';
import { userError } from '#shared/base/errors.ts';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { exportRules, type TraversalRules } from '#shared/provenance/traversal-rules.ts';
import type { ExportClosure } from '../../../provenance/read-api.ts';
import { exportClosure } from '../../../provenance/read/closure.ts';
import { MemoryGraph } from '../../../provenance/read/memory-graph.ts';
import { nameOf } from '../../../provenance/read/node-rows.ts';
import { objectHashes } from '../../../provenance/read/object-hashes.ts';
import { ReadSession } from '../../../provenance/read/session.ts';
import { chooseAll } from './chosen-rows.ts';

/** AiiDA's rules for an export, with what a person has changed of them. */
export const rulesOf = (selection: ExportSelection): TraversalRules => ({
  ...exportRules,
  ...selection.rules,
});

/**
 * What an export takes along, in the temporary tables `chosen (id)` and `chosen_groups (id)` of the connection (views,
 * where it is everything), which is inside a transaction; gives the hashes of the
 * files that the nodes name, 32 bytes each.
 * @throws StemmaError `not-sealed`, `node-missing`, `group-missing`
 */
export function chooseNodes(
  db: Database.Database,
  selection: ExportSelection,
  now: () => number,
): { readonly files: Uint8Array } {
  const { what } = selection;
  const session = new ReadSession(db, { hasSearchIndex: false, now });
  if (what.kind === 'all') {
    refuseUnsealed(unsealedNodes(session));
    // what nothing is left out of needs no graph in memory, and no list
    chooseAll(db, 'chosen', 'nodes');
    chooseAll(db, 'chosen_groups', 'groups');
    return { files: objectHashes(session).hashes };
  }
  db.exec(`CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY);
    CREATE TEMP TABLE chosen_groups (id INTEGER PRIMARY KEY)`);
  const closure = exportClosure(session, new MemoryGraph(session), { what, rules: rulesOf(selection) });
  refuseUnsealed(closure);
  const insert = db.prepare('INSERT INTO chosen VALUES (?)');
  for (const id of closure.ids) insert.run(id);
  if (what.kind === 'group') {
    db.prepare('INSERT INTO chosen_groups SELECT id FROM groups WHERE uuid = ?').run(what.uuid);
  }
  return { files: closure.objects };
}

type Unsealed = Pick<ExportClosure, 'unsealed' | 'unsealedCount'>;

/** Of the whole profile; some of them by name. */
function unsealedNodes(session: ReadSession): Unsealed {
  const rows = session.all<Parameters<typeof nameOf>[0] & { readonly uuid: string }>(
    'SELECT uuid, label, process_label, node_type FROM nodes WHERE sealed = 0 ORDER BY id LIMIT 4',
  );
  if (rows.length === 0) return { unsealed: [], unsealedCount: 0 };
  return {
    unsealed: rows.map((row) => ({ uuid: row.uuid, name: nameOf(row) })),
    unsealedCount: session.value<number>('SELECT count(*) FROM nodes WHERE sealed = 0') ?? 0,
  };
}

function refuseUnsealed({ unsealed, unsealedCount }: Unsealed): void {
  const [first] = unsealed;
  if (first === undefined) return;
  const named = unsealed.slice(0, 3).map(({ name, uuid }) => `${name} (${uuid.slice(0, 8)})`);
  const more = unsealedCount > 3 ? ` and ${unsealedCount - 3} more` : '';
  throw userError({
    code: 'not-sealed',
    message: `Processes that have not ended cannot be exported: ${named.join(', ')}${more}.`,
    subject: first.uuid,
    hint: 'Wait for them or kill them, or export a selection without them.',
  });
}

/** From 32 bytes each. */
export function hashesIn(packed: Uint8Array): readonly ObjectHash[] {
  const hex = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength).toString('hex');
  return Array.from({ length: hex.length / 64 }, (_, i) => hex.slice(i * 64, i * 64 + 64) as ObjectHash);
}
