import { extrasModes, type ExtrasMode } from '#shared/contract/areas/import-modes.ts';
import type { ConflictReason } from '#shared/contract/areas/sharing.ts';
import { className } from '#shared/provenance/node-types.ts';
import type { ForeignNode } from '../foreign/rows.ts';
import { hereByUuid } from './here-by-uuid.ts';
import { readJsonObject, sameJson, withoutMembers } from './json-text.ts';
import type { MergeContext } from './merge-context.ts';
import { isPrivateExtra, mergedExtras } from './merge-extras.ts';
import type { ComputerMap, UserMap } from './merge-people.ts';
import {
  insertNodes,
  nodeStatements,
  nodeValues,
  type ComingNode,
  type NodeRow,
  type NodeStatements,
} from './node-statements.ts';
import { NodeTable, roleOf } from './node-table.ts';
import { RowBatch } from './row-batch.ts';
import { counted } from './words.ts';

const sealedAtOnce = 1000;

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
  const { db, archive, log, options, write, signal, progress } = context;
  const total = archive.counts.nodes;
  const table = new NodeTable(total);
  const store = nodeStatements(db);
  const here = hereByUuid(db, 'nodes');
  let cleaned = 0;
  let unlike = 0;
  let bare = 0;
  const meets = (coming: ComingNode, row: NodeRow, isReadable: boolean): void => {
    const { node, role } = coming;
    const likeness = compare(row, coming);
    if (likeness === 'other') {
      // what cannot come in anyway stands in the way once
      if (isReadable) log.conflict('nodes', node.uuid, otherWords(row, coming), nameOf(node), 'differs');
    } else if (likeness.length > 0) {
      unlike++;
      log.differs({ of: 'nodes', subject: node.uuid, name: nameOf(node), what: [...likeness] });
      if (likeness.includes('extras') && isReadable) mergeExtras(context, store, row, coming.extras);
    }
    log.counts.nodes[likeness.length === 0 ? 'identical' : 'changed']++;
    table.add(node.id, node.uuid, role, row.id, false);
  };
  /** @param id 0 where it is not stored */
  const comes = ({ node, role, extras }: ComingNode, id: number): void => {
    if (extras !== node.extras) cleaned++;
    if (options.extrasNew === 'none' && extras !== '{}') bare++;
    log.counts.nodes.new++;
    table.add(node.id, node.uuid, role, id, true);
  };
  const stored = (coming: ComingNode): ComingNode =>
    options.extrasNew === 'none' ? { ...coming, extras: '{}' } : coming;
  const batch = new RowBatch<ComingNode>({
    db,
    ...insertNodes,
    values: (coming) => nodeValues(stored(coming), users, computers),
    came: comes,
    alone(coming) {
      // it stands twice in the archive, or beside one that does
      const row = store.find.get(coming.node.uuid);
      if (row === undefined) comes(coming, store.insert(stored(coming), users, computers));
      else meets(coming, row, true);
    },
  });
  for await (const page of archive.pages('nodes', signal)) {
    const known = here(page);
    for (const node of page) {
      const problem = nodeProblem(node, users, computers);
      if (problem !== null) log.conflict('nodes', node.uuid, problem.message, nameOf(node), problem.why);
      const coming = comingNode(node);
      const row = known.has(node.uuid) ? store.find.get(node.uuid) : undefined;
      if (row !== undefined) meets(coming, row, problem === null);
      else if (write) batch.add(coming);
      else comes(coming, 0);
    }
    progress({ done: table.count, total, unit: 'nodes', words: write ? 'Storing nodes' : 'Comparing nodes' });
  }
  batch.flush();
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

interface NodeProblem {
  readonly message: string;
  readonly why: ConflictReason;
}

const damaged = (message: string): NodeProblem => ({ message, why: 'damaged' });

function nodeProblem(node: ForeignNode, users: UserMap, computers: ComputerMap): NodeProblem | null {
  if (!users.has(node.user)) return damaged(`it belongs to user ${node.user}, who is not in the archive.`);
  if (node.computer !== null && !computers.has(node.computer)) {
    return damaged(`it refers to computer ${node.computer}, which is not in the archive.`);
  }
  const attributes = readJsonObject(node.attributes);
  if (!attributes.ok) return damaged(`the text of its attributes ${attributes.why}.`);
  const extras = readJsonObject(node.extras);
  if (!extras.ok) return damaged(`the text of its extras ${extras.why}.`);
  if (node.nodeType.startsWith('process.') && attributes.value['sealed'] !== true) {
    const name = attributes.value['process_label'] ?? className(node.nodeType);
    const message = `the process ${String(name)} had not ended when the archive was made.`;
    return { message, why: 'not-ended' };
  }
  return null;
}

function comingNode(node: ForeignNode): ComingNode {
  const isOldCode = node.nodeType.endsWith('code.Code.');
  return {
    node,
    role: roleOf(node.nodeType),
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
function compare(here: NodeRow, { node, attributes, extras }: ComingNode): readonly Changeable[] | 'other' {
  const sameContent =
    here.node_type === node.nodeType &&
    sameJson(here.attributes, attributes) &&
    sameJson(here.repository_metadata, node.repository);
  if (!sameContent) return 'other';
  const what: Changeable[] = [];
  if (here.label !== node.label) what.push('label');
  if (here.description !== node.description) what.push('description');
  if (!sameJson(withoutMembers(here.extras, isPrivateExtra), extras)) what.push('extras');
  return what;
}

/** What of the content is another one, of a node that is here. */
function otherWords(here: NodeRow, { node, attributes }: ComingNode): string {
  const differing = [
    ...(here.node_type === node.nodeType ? [] : ['type']),
    ...(sameJson(here.attributes, attributes) ? [] : ['attributes']),
    ...(sameJson(here.repository_metadata, node.repository) ? [] : ['files']),
  ];
  return `a node with the same UUID and another content is in this profile: other ${differing.join(' and other ')}.`;
}

/** Closes the processes that came in. From here on they never change. */
export function sealNodes({ db, write, signal }: MergeContext, table: NodeTable): void {
  if (!write) return;
  // they stand one after the other: nobody else writes meanwhile, and ids only rise
  const seal = db.prepare(
    'UPDATE nodes NOT INDEXED SET sealed = 1 WHERE id BETWEEN ? AND ? AND is_process AND sealed = 0',
  );
  const { first, last } = table.newIds();
  for (let id = first; id <= last; id += sealedAtOnce) {
    signal.throwIfAborted();
    seal.run(id, Math.min(id + sealedAtOnce - 1, last));
  }
}
