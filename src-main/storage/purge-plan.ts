import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { PurgePreview, PurgeSelection } from '#shared/contract/areas/purges.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { eachEngineText } from '../provenance/read/kept-objects.ts';
import { hashesIn, nameOf } from '../provenance/read/node-rows.ts';
import { ReadSession } from '../provenance/read/session.ts';
import type { ObjectReader } from '../repository/object-reader.ts';
import type { FreeableRepository } from '../repository/types.ts';
import { breathe, type Work } from './exclusive.ts';
import { busyNodes, chosenNodes } from './purge-choice.ts';

export interface PurgePlace {
  readonly db: Database.Database;
  readonly objects: ObjectReader;
  readonly repository: Pick<FreeableRepository, 'held'>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface PurgePlan extends PurgePreview {
  /** Of which the content goes, with their sizes in bytes; ascending. */
  readonly content: readonly { readonly hash: ObjectHash; readonly size: number }[];
}

const nodesAtOnce = 2000;
const hashesAtOnce = 5000;
const mostHolders = 5;
const mostListed = 20;

/** A hash as 32 characters of one byte each: a third of the memory of hexadecimal. */
const packed = (hash: string): string => Buffer.from(hash, 'hex').toString('latin1');
const unpacked = (key: string): ObjectHash => Buffer.from(key, 'latin1').toString('hex') as ObjectHash;

const anyHash = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

type NodeSql = readonly [
  id: number,
  uuid: string,
  nodeType: string,
  label: string,
  processLabel: string | null,
  repository: string,
];

/**
 * Which content goes with a choice, as of the moment that the connection sees: a preview asks it, and the purge asks it
 * again inside of its transaction. A file goes where every node that has it is chosen; a node that can be restored, one
 * that a process which has not ended works with, and the texts of the engine count as not chosen.
 * @throws StemmaError `node-missing`, `group-missing`, `purge-without-rule`
 */
export async function purgePlan(
  place: PurgePlace,
  selection: PurgeSelection,
  work: Work,
): Promise<PurgePlan> {
  const { db, now } = place;
  const session = new ReadSession(db, { hasSearchIndex: false, now: () => now });
  const chosen = new Set(chosenNodes(session, selection, now));
  let active = 0;
  for (const id of busyNodes(session)) if (chosen.delete(id)) active++;
  const least = selection.kind === 'rule' ? (selection.largerThan ?? -1) : -1;
  const { doomed, purgedBefore } = await filesOf(place, session, chosen, least, work);
  const shared = await keepShared(session, chosen, doomed, work);
  const held = await keepHeld(place, doomed);
  const told = await tell(session, chosen, doomed, work);
  const keys = [...doomed.keys()].toSorted();
  const digest = createHash('sha256');
  for (const key of keys) digest.update(key, 'latin1');
  return {
    digest: digest.digest('hex'),
    files: keys.length,
    shared,
    held,
    purgedBefore,
    active,
    ...told,
    content: keys.map((key) => ({ hash: unpacked(key), size: doomed.get(key) ?? 0 })),
  };
}

/** Pages of nodes with files, in the order of their ids. */
async function* pages(
  session: ReadSession,
  ids: ReadonlySet<number>,
  { signal }: Work,
): AsyncGenerator<readonly NodeSql[]> {
  const all = [...ids];
  for (let at = 0; at < all.length; at += nodesAtOnce) {
    await breathe(signal);
    yield session.raw<NodeSql>(
      `SELECT n.id, n.uuid, n.node_type, n.label, n.process_label, n.repository_metadata
       FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value ORDER BY n.id`,
      JSON.stringify(all.slice(at, at + nodesAtOnce)),
    );
  }
}

async function filesOf(
  { objects }: PurgePlace,
  session: ReadSession,
  chosen: ReadonlySet<number>,
  least: number,
  work: Work,
): Promise<{ readonly doomed: Map<string, number>; readonly purgedBefore: number }> {
  const doomed = new Map<string, number>();
  const before = new Set<string>();
  let done = 0;
  for await (const page of pages(session, chosen, work)) {
    for (const [, , , , , repository] of page) {
      for (const hash of hashesIn(repository)) {
        const key = packed(hash);
        if (doomed.has(key) || before.has(key)) continue;
        const size = objects.size(hash as ObjectHash);
        if (size !== null && size > least) doomed.set(key, size);
        else if (size === null && objects.purged(hash as ObjectHash) !== null) before.add(key);
      }
    }
    done += page.length;
    work.progress({ done, total: chosen.size, unit: 'nodes', words: 'Looking at the files of the nodes' });
  }
  return { doomed, purgedBefore: before.size };
}

/** Takes away what somebody beside the chosen nodes has. */
async function keepShared(
  session: ReadSession,
  chosen: ReadonlySet<number>,
  doomed: Map<string, number>,
  { progress, signal }: Work,
): Promise<PurgePreview['shared']> {
  const shared: PurgePreview['shared'] = { files: 0, bytes: 0, holders: [] };
  const keep = (hash: string): boolean => {
    const key = packed(hash);
    const size = doomed.get(key);
    if (size === undefined) return false;
    doomed.delete(key);
    shared.files++;
    shared.bytes += size;
    return true;
  };
  for (const table of ['nodes', 'deleted_nodes'] as const) {
    let done = 0;
    for (let after = -1; doomed.size > 0;) {
      await breathe(signal);
      const rows = session.raw<NodeSql>(
        `SELECT id, uuid, node_type, label, ${table === 'nodes' ? 'process_label' : 'NULL'}, repository_metadata
         FROM ${table} WHERE id > ? AND repository_metadata <> '{}' ORDER BY id LIMIT ?`,
        after,
        nodesAtOnce,
      );
      for (const [id, uuid, node_type, label, process_label, repository] of rows) {
        after = id;
        if (table === 'nodes' && chosen.has(id)) continue;
        const kept = hashesIn(repository).filter(keep).length;
        if (kept > 0 && table === 'nodes' && shared.holders.length < mostHolders)
          shared.holders.push({
            uuid,
            name: nameOf({ node_type, label, process_label }),
            nodeType: node_type,
          });
      }
      done += rows.length;
      progress({ done, total: null, unit: 'nodes', words: 'Looking for others that have these files' });
      if (rows.length < nodesAtOnce) break;
    }
  }
  eachEngineText(session, (text) => {
    for (const [hash] of text.matchAll(anyHash)) keep(hash);
  });
  return shared;
}

/** Takes away what somebody may be about to name. */
async function keepHeld(
  { repository }: PurgePlace,
  doomed: Map<string, number>,
): Promise<PurgePreview['held']> {
  const held = { files: 0, bytes: 0 };
  const keys = [...doomed.keys()];
  for (let at = 0; at < keys.length; at += hashesAtOnce) {
    const page = keys.slice(at, at + hashesAtOnce);
    const answers = await repository.held(page.map(unpacked));
    for (const [i, key] of page.entries()) {
      if (answers[i] !== true) continue;
      held.files++;
      held.bytes += doomed.get(key) ?? 0;
      doomed.delete(key);
    }
  }
  return held;
}

/** What goes, node by node; a file that several of them have counts at the first. */
async function tell(
  session: ReadSession,
  chosen: ReadonlySet<number>,
  doomed: ReadonlyMap<string, number>,
  work: Work,
): Promise<Pick<PurgePlan, 'nodes' | 'bytes' | 'runs' | 'byType' | 'largest'>> {
  const counted = new Set<string>();
  const byType = new Map<string, { nodes: number; bytes: number }>();
  const runs = new Set<number>();
  let largest: PurgePreview['largest'] = [];
  let [nodes, bytes] = [0, 0];
  for await (const page of pages(session, chosen, work)) {
    const losing: number[] = [];
    for (const [id, uuid, node_type, label, process_label, repository] of page) {
      const own = { files: 0, bytes: 0 };
      let loses = false;
      for (const key of hashesIn(repository).map(packed)) {
        const size = doomed.get(key);
        if (size === undefined) continue;
        loses = true;
        if (counted.has(key)) continue;
        counted.add(key);
        own.files++;
        own.bytes += size;
      }
      if (!loses) continue;
      losing.push(id);
      nodes++;
      bytes += own.bytes;
      const type = byType.get(node_type) ?? { nodes: 0, bytes: 0 };
      byType.set(node_type, { nodes: type.nodes + 1, bytes: type.bytes + own.bytes });
      largest.push({ uuid, name: nameOf({ node_type, label, process_label }), nodeType: node_type, ...own });
    }
    for (const run of session.column<number>(
      `SELECT DISTINCT l.target_id FROM json_each(?) AS d CROSS JOIN links AS l ON l.source_id = d.value
       WHERE l.type IN ('input_calc', 'input_work')`,
      JSON.stringify(losing),
    )) {
      runs.add(run);
    }
    largest = largest.toSorted((a, b) => b.bytes - a.bytes).slice(0, mostListed);
  }
  return {
    nodes,
    bytes,
    runs: runs.size,
    byType: [...byType]
      .map(([nodeType, share]) => ({ nodeType, ...share }))
      .toSorted((a, b) => b.bytes - a.bytes),
    largest,
  };
}

/** The plan for a person, of one moment of the database. @throws StemmaError what {@link purgePlan} throws */
export async function previewPurge(
  place: PurgePlace,
  selection: PurgeSelection,
  work: Work,
): Promise<PurgePreview> {
  place.db.exec('BEGIN');
  try {
    const { content: _content, ...preview } = await purgePlan(place, selection, work);
    return preview;
  } finally {
    place.db.exec('ROLLBACK');
  }
}
