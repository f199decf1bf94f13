import type Database from 'better-sqlite3';
import { isLinkType, linkRules, type LinkType } from '#shared/provenance/links.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { refused } from './import-log.ts';
import { LinkColumns } from './link-columns.ts';
import { topologicalOrder } from './link-order.ts';
import { checkLinkRules } from './link-rules.ts';
import type { MergeContext } from './merge-context.ts';
import type { NodeTable } from './node-table.ts';
import { isConstraint, RowBatch } from './row-batch.ts';

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
    merge.add(links.source[at] ?? 0, links.target[at] ?? 0, links.typeOf(at), links.labelOf(at));
    if (i % progressEvery === 0) {
      progress({ done: i, total: links.count, unit: 'steps', words });
      await breathe(); // so that a wish to cancel is heard
      signal.throwIfAborted();
    }
  }
  merge.flush();
}

const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

async function readLinks({ archive, log, signal }: MergeContext, nodes: NodeTable): Promise<LinkColumns> {
  const links = new LinkColumns(archive.counts.links);
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

/** A link with the numbers of its ends. */
interface ComingLink {
  readonly source: number;
  readonly target: number;
  readonly type: LinkType;
  readonly label: string;
}

interface LinkMerger {
  add(source: number, target: number, type: LinkType, label: string): void;
  /** After the last one. */
  flush(): void;
}

function linkMerger({ db, log, write }: MergeContext, nodes: NodeTable): LinkMerger {
  const statements = linkStatements(db);
  const counts = log.counts.links;
  const values = ({ source, target, type, label }: ComingLink) =>
    [nodes.id(source), nodes.id(target), type, label] as const;
  const batch = new RowBatch<ComingLink>({
    db,
    ...insertLinks,
    values,
    alone(link) {
      try {
        statements.insert.run(...values(link));
      } catch (error) {
        // what the archive alone cannot show: a cycle that goes through nodes that are here
        if (!isConstraint(error)) throw error;
        const { type, label } = link;
        const owner = nodes.uuid(ownerOf(link));
        throw refused(owner, `its ${type} link “${label}” was refused: ${error.message}.`);
      }
    },
  });
  return {
    add(source, target, type, label) {
      const [sourceIsNew, targetIsNew] = [nodes.isNew(source), nodes.isNew(target)];
      const [sourceId, targetId] = [nodes.id(source), nodes.id(target)];
      // what waits in the batch cannot be meant: its owner is new, and the archive has no link twice
      if (!sourceIsNew && !targetIsNew && statements.isHere(sourceId, targetId, type, label)) {
        counts.identical++;
        return;
      }
      const link = { source, target, type, label };
      const owner = ownerOf(link);
      if (!nodes.isNew(owner)) {
        const lacking = `it is in this profile without its ${type} link “${label}”, and a process that has ended gets no more links.`;
        log.conflict('links', nodes.uuid(owner), lacking, '', 'differs');
        return;
      }
      if (!targetIsNew && statements.isTaken(targetId, type)) {
        const what = type === 'create' ? 'creator' : 'caller';
        log.conflict('links', nodes.uuid(target), `it has another ${what} in this profile.`, '', 'differs');
        return;
      }
      counts.new++;
      if (write) batch.add(link);
    },
    flush: () => batch.flush(),
  };
}

const ownerOf = ({ source, target, type }: ComingLink): number =>
  linkRules[type].owner === 'source' ? source : target;

const insertLinks = { insert: 'INSERT INTO links (source_id, target_id, type, label)', columns: 4 } as const;

interface LinkStatements {
  isHere(source: NodeId, target: NodeId, type: LinkType, label: string): boolean;
  /** Whether the target has the one incoming link of that kind that it may have. */
  isTaken(target: NodeId, type: LinkType): boolean;
  readonly insert: Database.Statement<[source: NodeId, target: NodeId, type: LinkType, label: string]>;
}

function linkStatements(db: Database.Database): LinkStatements {
  const here = db
    .prepare('SELECT 1 FROM links WHERE source_id = ? AND type = ? AND target_id = ? AND label = ?')
    .pluck();
  const created = db.prepare(`SELECT 1 FROM links WHERE target_id = ? AND type = 'create'`).pluck();
  const called = db
    .prepare(`SELECT 1 FROM links WHERE target_id = ? AND type IN ('call_calc', 'call_work')`)
    .pluck();
  return {
    isHere: (source, target, type, label) => here.get(source, type, target, label) !== undefined,
    isTaken(target, type) {
      if (type === 'create') return created.get(target) !== undefined;
      return (type === 'call_calc' || type === 'call_work') && called.get(target) !== undefined;
    },
    insert: db.prepare(`${insertLinks.insert} VALUES (?, ?, ?, ?)`),
  };
}
