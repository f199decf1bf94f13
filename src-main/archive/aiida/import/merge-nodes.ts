import type Database from 'better-sqlite3';
import { extrasModes, type ExtrasMode } from '#shared/contract/areas/import-modes.ts';
import { className } from '#shared/provenance/node-types.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import type { ForeignNode } from '../foreign/rows.ts';
import { readJsonObject, sameJson, withoutMembers } from './json-text.ts';
import type { MergeContext } from './merge-context.ts';
import { isPrivateExtra, mergedExtras } from './merge-extras.ts';
import type { ComputerMap, UserMap } from './merge-people.ts';
import { NodeRole, NodeTable, roleOf } from './node-table.ts';
import { counted } from './words.ts';

interface NodeRow {
  readonly id: NodeId;
  readonly node_type: string;
  readonly label: string;
  readonly description: string;
  readonly attributes: string;
  readonly extras: string;
  readonly repository_metadata: string;
}

/** The node as it is stored: without what AiiDA's own import leaves out. */
interface CleanNode {
  readonly attributes: string;
  readonly extras: string;
}

const isCheckpoint = (key: string): boolean => key === 'checkpoints';

/**
 * By UUID. Of a node that is here only the extras are ever changed, and those only by a mode that was chosen; one with
 * the same UUID and another content is a conflict. A new one loses what AiiDA's import takes away: the extras `_aiida_…`
 * (hashes that hold only where they were made), `hidden` of old codes, the checkpoints of processes, and in the mode
 * `none` for new nodes all extras.
 */
export async function mergeNodes(
  context: MergeContext,
  users: UserMap,
  computers: ComputerMap,
): Promise<NodeTable> {
  const { archive, log, options, write, signal, progress } = context;
  const total = archive.counts.nodes;
  const table = new NodeTable(total);
  const store = nodeStatements(context.db);
  let cleaned = 0;
  let unlike = 0;
  let bare = 0;
  for await (const page of archive.pages('nodes', signal)) {
    for (const node of page) {
      const problem = nodeProblem(node, users, computers);
      if (problem !== null) log.conflict('nodes', node.uuid, problem, nameOf(node));
      const clean = cleanNode(node);
      const role = roleOf(node.nodeType);
      const here = store.find.get(node.uuid);
      if (here !== undefined) {
        const likeness = compare(here, node, clean);
        if (likeness === 'other') {
          const message = 'a node with the same UUID and another content is in this profile.';
          log.conflict('nodes', node.uuid, message, nameOf(node));
        } else if (likeness.length > 0) {
          unlike++;
          log.differs({ of: 'nodes', subject: node.uuid, name: nameOf(node), what: [...likeness] });
          if (likeness.includes('extras') && problem === null)
            mergeExtras(context, store, here, clean.extras);
        }
        log.counts.nodes[likeness.length === 0 ? 'identical' : 'changed']++;
        table.add(node.id, node.uuid, role, here.id, false);
        continue;
      }
      if (clean.extras !== node.extras) cleaned++;
      const withoutExtras = options.extrasNew === 'none' && clean.extras !== '{}';
      if (withoutExtras) bare++;
      log.counts.nodes.new++;
      const stored = withoutExtras ? { ...clean, extras: '{}' } : clean;
      const id = write && problem === null ? store.insert(node, stored, users, computers) : 0;
      table.add(node.id, node.uuid, role, id, true);
    }
    progress({ done: table.count, total, unit: 'nodes', words: write ? 'Storing nodes' : 'Comparing nodes' });
  }
  if (unlike > 0) {
    log.note(unlikeWords(unlike, options.extrasExisting, log.updates.extras));
  }
  if (bare > 0) log.note(`Left out, as chosen: the extras of ${counted(bare, 'new node', 'new nodes')}.`);
  if (cleaned > 0) {
    log.note(
      `Left out: extras “_aiida_…” of ${counted(cleaned, 'node', 'nodes')}, which hold only in the profile they come from.`,
    );
  }
  return table;
}

function unlikeWords(unlike: number, mode: ExtrasMode, updated: number): string {
  const here = `${counted(unlike, 'node is', 'nodes are')} here with another label, description or extras`;
  if (mode === 'none') return `${here}, and kept as here.`;
  return `${here}. Labels and descriptions are kept as here; the extras of ${counted(updated, 'node', 'nodes')} change, as chosen.`;
}

/** Counts what each mode would change, and does what the chosen one says. */
function mergeExtras(
  { log, options, write, now }: MergeContext,
  store: NodeStatements,
  here: NodeRow,
  there: string,
): void {
  for (const mode of extrasModes) {
    const extras = mergedExtras(mode, here.extras, there);
    if (extras === here.extras) continue;
    log.choices.extras[mode]++;
    if (mode !== options.extrasExisting) continue;
    log.updates.extras++;
    if (write) store.updateExtras.run(extras, now, here.id);
  }
}

/** What people call it. Only for a node whose texts were found to be readable, or its label. */
function nameOf({ label, nodeType, attributes }: ForeignNode): string {
  if (label !== '') return label;
  const read = nodeType.startsWith('process.') ? readJsonObject(attributes) : null;
  const processLabel = read?.ok === true ? read.value['process_label'] : null;
  return typeof processLabel === 'string' && processLabel !== '' ? processLabel : className(nodeType);
}

function nodeProblem(node: ForeignNode, users: UserMap, computers: ComputerMap): string | null {
  if (!users.has(node.user)) return `it belongs to user ${node.user}, who is not in the archive.`;
  if (node.computer !== null && !computers.has(node.computer)) {
    return `it refers to computer ${node.computer}, which is not in the archive.`;
  }
  const attributes = readJsonObject(node.attributes);
  if (!attributes.ok) return `the text of its attributes ${attributes.why}.`;
  const extras = readJsonObject(node.extras);
  if (!extras.ok) return `the text of its extras ${extras.why}.`;
  if (node.nodeType.startsWith('process.') && attributes.value['sealed'] !== true) {
    const name = attributes.value['process_label'] ?? className(node.nodeType);
    return `the process ${String(name)} had not ended when the archive was made.`;
  }
  return null;
}

function cleanNode(node: ForeignNode): CleanNode {
  const isOldCode = node.nodeType.endsWith('code.Code.');
  return {
    attributes:
      node.nodeType.startsWith('process.') && node.attributes.includes('"checkpoints"')
        ? withoutMembers(node.attributes, isCheckpoint)
        : node.attributes,
    extras:
      node.extras.includes('"_aiida_') || isOldCode
        ? withoutMembers(node.extras, (key) => isPrivateExtra(key) || (isOldCode && key === 'hidden'))
        : node.extras,
  };
}

type Changeable = 'label' | 'description' | 'extras';

/** In what it differs, of what people may change and what therefore says nothing against it being the same node. */
function compare(here: NodeRow, node: ForeignNode, clean: CleanNode): readonly Changeable[] | 'other' {
  const sameContent =
    here.node_type === node.nodeType &&
    sameJson(here.attributes, clean.attributes) &&
    sameJson(here.repository_metadata, node.repository);
  if (!sameContent) return 'other';
  const what: Changeable[] = [];
  if (here.label !== node.label) what.push('label');
  if (here.description !== node.description) what.push('description');
  if (!sameJson(withoutMembers(here.extras, isPrivateExtra), clean.extras)) what.push('extras');
  return what;
}

interface NodeStatements {
  readonly find: Database.Statement<[string], NodeRow>;
  readonly updateExtras: Database.Statement<[extras: string, mtime: number, id: NodeId]>;
  insert(node: ForeignNode, clean: CleanNode, users: UserMap, computers: ComputerMap): NodeId;
}

function nodeStatements(db: Database.Database): NodeStatements {
  const insert = db.prepare(
    `INSERT INTO nodes (uuid, node_type, process_type, label, description, ctime, mtime, attributes, extras,
       repository_metadata, computer_id, user_id, sealed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    find: db.prepare(
      `SELECT id, node_type, label, description, attributes, extras, repository_metadata FROM nodes WHERE uuid = ?`,
    ),
    updateExtras: db.prepare('UPDATE nodes SET extras = ?, mtime = ? WHERE id = ?'),
    insert(node, clean, users, computers) {
      const { lastInsertRowid } = insert.run(
        node.uuid,
        node.nodeType,
        node.processType,
        node.label,
        node.description,
        node.ctime,
        node.mtime,
        clean.attributes,
        clean.extras,
        node.repository,
        node.computer === null ? null : computers.get(node.computer),
        users.get(node.user),
        // its links come while it is open; it is sealed at the end
        node.nodeType.startsWith('process.') ? 0 : 1,
      );
      return Number(lastInsertRowid) as NodeId;
    },
  };
}

/** Closes the processes that came in. From here on they never change. */
export function sealNodes({ db, write }: MergeContext, table: NodeTable): void {
  if (!write) return;
  const seal = db.prepare('UPDATE nodes SET sealed = 1 WHERE id = ? AND sealed = 0');
  for (let number = 0; number < table.count; number++) {
    if (table.isNew(number) && table.role(number) !== NodeRole.data) seal.run(table.id(number));
  }
}
