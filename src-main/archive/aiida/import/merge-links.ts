import type Database from 'better-sqlite3';
import { isLinkType, linkRules, type LinkType } from '#shared/provenance/links.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { refused } from './import-log.ts';
import { LinkColumns } from './link-columns.ts';
import { topologicalOrder } from './link-order.ts';
import { checkLinkRules } from './link-rules.ts';
import type { MergeContext } from './merge-context.ts';
import type { NodeTable } from './node-table.ts';

const progressEvery = 5000;

/** Reads all links, checks them by themselves, then merges them in an order that the database likes. */
export async function mergeLinks(context: MergeContext, nodes: NodeTable): Promise<void> {
  const { log, signal, progress, write } = context;
  let links = await readLinks(context, nodes);
  let problems = checkLinkRules(links, (node) => nodes.role(node));
  if (problems.length > 0) {
    // AiiDA takes a link that stands there twice as one
    links = links.withoutDuplicates();
    problems = checkLinkRules(links, (node) => nodes.role(node));
  }
  for (const { node, message } of problems) log.conflict('links', nodes.uuid(node), `${message}.`);
  const order = topologicalOrder(links, nodes.count);
  if (order.kind === 'cycle') {
    log.conflict('links', nodes.uuid(order.node), 'it is its own ancestor, or its own caller.');
    return;
  }
  if (problems.length > 0) return;

  const merge = linkMerger(context, nodes);
  const words = write ? 'Storing links' : 'Comparing links';
  for (let i = 0; i < links.count; i++) {
    const at = order.links[i] ?? 0;
    merge(links.source[at] ?? 0, links.target[at] ?? 0, links.typeOf(at), links.labelOf(at));
    if (i % progressEvery === 0) {
      progress({ done: i, total: links.count, unit: 'steps', words });
      await breathe(); // so that a wish to cancel is heard
      signal.throwIfAborted();
    }
  }
}

const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

async function readLinks({ archive, log, signal }: MergeContext, nodes: NodeTable): Promise<LinkColumns> {
  const links = new LinkColumns();
  for await (const page of archive.pages('links', signal)) {
    for (const { source, target, label, type } of page) {
      const [s, t] = [nodes.numberOf(source), nodes.numberOf(target)];
      if (s === null || t === null) {
        log.conflict(
          'links',
          s === null ? (t === null ? 'links' : nodes.uuid(t)) : nodes.uuid(s),
          `a ${type} link “${label}” leads to or from node ${s === null ? source : target}, which is not in the archive.`,
        );
      } else if (isLinkType(type)) links.add(s, t, type, label);
      else
        log.conflict(
          'links',
          nodes.uuid(s),
          `a link “${label}” has the type “${type}”, which does not exist.`,
        );
    }
  }
  return links;
}

type MergeLink = (source: number, target: number, type: LinkType, label: string) => void;

function linkMerger({ db, log, write }: MergeContext, nodes: NodeTable): MergeLink {
  const statements = linkStatements(db);
  const counts = log.counts.links;
  return (source, target, type, label) => {
    const [sourceIsNew, targetIsNew] = [nodes.isNew(source), nodes.isNew(target)];
    const [sourceId, targetId] = [nodes.id(source), nodes.id(target)];
    if (!sourceIsNew && !targetIsNew && statements.isHere(sourceId, targetId, type, label)) {
      counts.identical++;
      return;
    }
    const owner = linkRules[type].owner === 'source' ? source : target;
    if (!nodes.isNew(owner)) {
      const lacking = `it is in this profile without its ${type} link “${label}”, and a process that has ended gets no more links.`;
      log.conflict('links', nodes.uuid(owner), lacking);
      return;
    }
    if (!targetIsNew && statements.isTaken(targetId, type)) {
      const what = type === 'create' ? 'creator' : 'caller';
      log.conflict('links', nodes.uuid(target), `it has another ${what} in this profile.`);
      return;
    }
    counts.new++;
    if (!write) return;
    try {
      statements.insert(sourceId, targetId, type, label);
    } catch (error) {
      // what the archive alone cannot show: a cycle that goes through nodes that are here
      if (
        !(error instanceof Error) ||
        !('code' in error) ||
        !String(error.code).startsWith('SQLITE_CONSTRAINT')
      ) {
        throw error;
      }
      throw refused(nodes.uuid(owner), `its ${type} link “${label}” was refused: ${error.message}.`);
    }
  };
}

interface LinkStatements {
  isHere(source: NodeId, target: NodeId, type: LinkType, label: string): boolean;
  /** Whether the target has the one incoming link of that kind that it may have. */
  isTaken(target: NodeId, type: LinkType): boolean;
  insert(source: NodeId, target: NodeId, type: LinkType, label: string): void;
}

function linkStatements(db: Database.Database): LinkStatements {
  const here = db
    .prepare('SELECT 1 FROM links WHERE source_id = ? AND type = ? AND target_id = ? AND label = ?')
    .pluck();
  const created = db.prepare(`SELECT 1 FROM links WHERE target_id = ? AND type = 'create'`).pluck();
  const called = db
    .prepare(`SELECT 1 FROM links WHERE target_id = ? AND type IN ('call_calc', 'call_work')`)
    .pluck();
  const insert = db.prepare('INSERT INTO links (source_id, target_id, type, label) VALUES (?, ?, ?, ?)');
  return {
    isHere: (source, target, type, label) => here.get(source, type, target, label) !== undefined,
    isTaken(target, type) {
      if (type === 'create') return created.get(target) !== undefined;
      return (type === 'call_calc' || type === 'call_work') && called.get(target) !== undefined;
    },
    insert(source, target, type, label) {
      insert.run(source, target, type, label);
    },
  };
}
