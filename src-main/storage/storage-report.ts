import type Database from 'better-sqlite3';
import type { StorageReport } from '#shared/contract/areas/storage.ts';
import { hashesIn, nameOf } from '../provenance/read/node-rows.ts';
import type { ObjectReader } from '../repository/object-reader.ts';
import type { FreeableRepository } from '../repository/types.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { databaseRoom, looseBytes } from './compact-database.ts';
import { breathe, type Work } from './exclusive.ts';
import { namedNow } from './free-space.ts';
import { purgedNow } from './purge-report.ts';

export interface ReportPlace {
  readonly db: Database.Database;
  readonly objects: ObjectReader;
  /** Says what the running app is about to name, which no freeing lets go of. */
  readonly repository: Pick<FreeableRepository, 'held'>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Of the disk; null where the system does not say. */
  readonly freeRoom: number | null;
}

const nodesAtOnce = 2000;
const mostListed = 50;
const day = 86_400_000;

const ages = [
  { name: 'week', days: 7 },
  { name: 'month', days: 30 },
  { name: 'year', days: 365 },
  { name: 'older', days: Number.POSITIVE_INFINITY },
] as const;

interface Share {
  nodes: number;
  files: number;
  bytes: number;
}

type NodeSql = readonly [
  id: number,
  uuid: string,
  nodeType: string,
  label: string,
  processLabel: string | null,
  ctime: number,
  repository: string,
];

/** The largest of what passes by. */
class Largest<T extends { readonly bytes: number }> {
  #items: T[] = [];

  add(item: T): void {
    if (item.bytes === 0) return;
    this.#items.push(item);
    if (this.#items.length >= mostListed * 4) this.#items = this.list();
  }

  list(): T[] {
    return this.#items.toSorted((a, b) => b.bytes - a.bytes).slice(0, mostListed);
  }
}

/**
 * Where the room goes. A file that several nodes have counts once, at the oldest of them, so that the parts of a table
 * add up; a node in several groups counts in each.
 */
export async function storageReport(place: ReportPlace, work: Work): Promise<StorageReport> {
  const { db, objects, repository, now, freeRoom } = place;
  const { progress, signal } = work;
  const count = (sql: string): number => db.prepare<[], number>(sql).pluck().get() ?? 0;
  const total = count('SELECT count(*) FROM nodes');
  const seen = new Set<string>();
  const byType = new Map<string, Share>();
  const byAge = new Map<string, Share>(ages.map(({ name }) => [name, { nodes: 0, files: 0, bytes: 0 }]));
  const byGroup = new Map<string, Share>();
  const nodes = new Largest<StorageReport['largestNodes'][number]>();
  const files = new Largest<StorageReport['largestFiles'][number]>();
  const groupsOf = db
    .prepare<[number], string>(
      'SELECT g.uuid FROM group_nodes AS m JOIN groups AS g ON g.id = m.group_id WHERE m.node_id = ?',
    )
    .pluck();
  const page = db
    .prepare<[number, number], NodeSql>(
      `SELECT id, uuid, node_type, label, process_label, ctime, repository_metadata FROM nodes WHERE id > ?
     ORDER BY id LIMIT ?`,
    )
    .raw() as unknown as Database.Statement<[number, number], NodeSql>;
  const named: Share = { nodes: 0, files: 0, bytes: 0 };
  let after = -1;
  for (let done = 0; ;) {
    await breathe(signal);
    const rows = page.all(after, nodesAtOnce);
    for (const [id, uuid, node_type, label, process_label, ctime, repository] of rows) {
      after = id;
      const own: Share = { nodes: 1, files: 0, bytes: 0 };
      const name = nameOf({ node_type, label, process_label });
      for (const hash of hashesIn(repository)) {
        const key = Buffer.from(hash, 'hex').toString('latin1');
        if (seen.has(key)) continue;
        seen.add(key);
        const bytes = objects.size(hash as ObjectHash) ?? 0;
        own.files++;
        own.bytes += bytes;
        files.add({ uuid, name, nodeType: node_type, hash, bytes });
      }
      add(named, own);
      add(entry(byType, node_type), own);
      add(entry(byAge, ageOf(now - ctime / 1000)), own);
      if (own.files === 0) continue;
      for (const group of groupsOf.all(id)) add(entry(byGroup, group), own);
      nodes.add({ uuid, name, nodeType: node_type, files: own.files, bytes: own.bytes });
    }
    done += rows.length;
    progress({ done, total, unit: 'nodes', words: 'Adding up' });
    if (rows.length < nodesAtOnce) break;
  }
  const kept = namedNow(db);
  const stored: Share = { nodes: 0, files: 0, bytes: 0 };
  const unnamed = { files: 0, bytes: 0 };
  for (const part of objects.all()) {
    await breathe(signal);
    for (const { size } of part) {
      stored.files++;
      stored.bytes += size;
    }
    const loose = part.filter(({ hash }) => !kept.has(hash));
    if (loose.length === 0) continue;
    const held = await repository.held(loose.map(({ hash }) => hash));
    for (const [i, { size }] of loose.entries()) {
      if (held[i] === true) continue;
      unnamed.files++;
      unnamed.bytes += size;
    }
  }
  const { setAside, restorable, backOf } = await purgedNow(db, objects, work);
  stored.files += setAside.files;
  stored.bytes += setAside.bytes;
  unnamed.files += setAside.files - restorable.files;
  unnamed.bytes += setAside.bytes - restorable.bytes;
  const labels = new Map(
    db
      .prepare<[], { uuid: string; label: string }>('SELECT uuid, label FROM groups')
      .all()
      .map(({ uuid, label }) => [uuid, label]),
  );
  const byBytes = (a: Share, b: Share): number => b.bytes - a.bytes || b.nodes - a.nodes;
  return {
    nodes: total,
    database: databaseRoom(db).bytes,
    files: stored.files,
    bytes: stored.bytes,
    unnamed,
    deleted: {
      deletions: count('SELECT count(*) FROM deletions'),
      nodes: count('SELECT count(*) FROM deleted_nodes'),
      bytes: count(`SELECT ifnull(sum(summary ->> '$.bytes'), 0) FROM deletions`),
    },
    purged: { ...restorable, purges: backOf },
    loose: looseBytes(db) + objects.loose(),
    freeRoom,
    byType: [...byType].map(([nodeType, share]) => ({ nodeType, ...share })).toSorted(byBytes),
    byAge: ages.map(({ name }) => ({ age: name, ...entry(byAge, name) })),
    byGroup: [...byGroup]
      .map(([uuid, share]) => ({ uuid, label: labels.get(uuid) ?? '', ...share }))
      .toSorted(byBytes)
      .slice(0, mostListed),
    largestNodes: nodes.list(),
    largestFiles: files.list(),
  };
}

const ageOf = (ms: number): (typeof ages)[number]['name'] =>
  ages.find(({ days }) => ms < days * day)?.name ?? 'older';

function entry(shares: Map<string, Share>, key: string): Share {
  const found = shares.get(key) ?? { nodes: 0, files: 0, bytes: 0 };
  shares.set(key, found);
  return found;
}

function add(to: Share, share: Share): void {
  to.nodes += share.nodes;
  to.files += share.files;
  to.bytes += share.bytes;
}
