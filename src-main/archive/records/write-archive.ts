import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { treeOf, writeRepositoryTree } from '#shared/provenance/repository-tree.ts';
import { writePyJson } from '#shared/provenance/python-json.ts';
import { writeTimestamp } from '#shared/provenance/timestamps.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { indexes, tables } from '../aiida/export/database-schema.ts';
import { writtenByUs } from '../aiida/export/metadata.ts';
import { ZipWriter } from '../aiida/export/zip-writer.ts';
import type { RecordGraph, RecordNode } from './record-graph.ts';

/** Whoever ran it there is not known by an address: their processes belong to nobody in particular. */
const owner = 'records@stemma.invalid';

/** Writes what was read as an archive, so that it comes in as every archive does: previewed, checked, by UUID, at once. */
export async function writeArchive(graph: RecordGraph, target: string): Promise<void> {
  const zip = new ZipWriter(target, 1, new Date(2000, 0, 1));
  const database = `${target}.sqlite3`;
  try {
    const written = new Set<ObjectHash>();
    const trees = new Map<RecordNode, string>();
    for (const node of graph.nodes) {
      const files: [string, ObjectHash][] = [];
      for (const [path, content] of node.files) {
        const hash = createHash('sha256').update(content).digest('hex') as ObjectHash;
        files.push([path, hash]);
        if (!written.has(hash)) zip.add(await zip.pack(`repo/${hash}`, content));
        written.add(hash);
      }
      trees.set(node, JSON.stringify(writeRepositoryTree(treeOf(files))));
    }
    writeRows(graph, trees, database);
    zip.add(await zip.pack('db.sqlite3', readFileSync(database)));
    const metadata = {
      export_version: 'main_0001',
      ...writtenByUs,
      key_format: 'sha256',
      compression: 1,
    };
    zip.add(await zip.pack('metadata.json', Buffer.from(JSON.stringify(metadata)), 0));
    zip.finish(['metadata.json', 'db.sqlite3']);
  } finally {
    zip.close();
    rmSync(database, { force: true });
  }
}

/** Of the inferred links at one node; beyond, the node at the other end names them. */
const mostNamed = 100;

function listed(inferred: readonly string[]): readonly string[] {
  const more = inferred.length - mostNamed;
  const rest = `and ${more} more, which the nodes at their other ends name`;
  return more > 0 ? [...inferred.slice(0, mostNamed), rest] : inferred;
}

function writeRows(graph: RecordGraph, trees: ReadonlyMap<RecordNode, string>, file: string): void {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    for (const sql of [...tables, ...indexes]) db.exec(sql);
    db.exec('BEGIN');
    db.prepare('INSERT INTO db_dbuser VALUES (1, ?, ?, ?, ?)').run(owner, 'Records', 'of other systems', '');
    const insert = db.prepare('INSERT INTO db_dbnode VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 1)');
    const ids = new Map<RecordNode, number>();
    for (const [i, node] of graph.nodes.entries()) {
      ids.set(node, i + 1);
      const time = writeTimestamp(Math.max(0, node.time));
      // in words: the page of a node shows its extras
      const extras = {
        imported_from: graph.version === '' ? graph.system : `${graph.system}, ${graph.version}`,
        ...(node.inferred.length > 0 && { inferred_links: listed(node.inferred) }),
      };
      insert.run(
        i + 1,
        node.uuid,
        node.nodeType,
        null,
        node.label,
        '',
        time,
        time,
        writePyJson(node.attributes),
        writePyJson(extras),
        trees.get(node) ?? '{}',
      );
    }
    const link = db.prepare('INSERT INTO db_dblink VALUES (NULL, ?, ?, ?, ?)');
    for (const { source, target, type, label } of graph.links)
      link.run(ids.get(source), ids.get(target), label, type);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}
