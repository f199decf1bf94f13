import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { indexes, tables } from '#main/archive/aiida/export/database-schema.ts';
import { ZipWriter } from '#main/archive/aiida/export/zip-writer.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { LinkType } from '#shared/provenance/links.ts';
import { writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { treeOf, writeRepositoryTree } from '#shared/provenance/repository-tree.ts';
import { writeTimestamp } from '#shared/provenance/timestamps.ts';

export type Attributes = Readonly<Record<string, PyJson>>;
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface DraftNode {
  readonly id: number;
  readonly uuid: string;
  readonly nodeType: string;
  readonly processType: string | null;
  readonly label: string;
  readonly description: string;
  readonly ctime: number;
  mtime: number;
  attributes: Attributes;
  extras: Attributes;
  readonly files: Files;
  readonly computer: number | null;
}

interface Line {
  readonly node: DraftNode;
  readonly time: number;
  readonly level: string;
  readonly text: string;
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** A UUID that follows from a name, so that every run of the script makes the same archive. */
export function uuidOf(name: string): string {
  const hex = sha256(`stemma demo: ${name}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The study as it grows. Its clock goes on with every node; times are microseconds since 1970. */
export class Draft {
  readonly nodes: DraftNode[] = [];
  readonly links: { source: number; target: number; type: LinkType; label: string }[] = [];
  readonly logs: Line[] = [];
  readonly comments: Line[] = [];
  readonly groups: { label: string; description: string; members: readonly DraftNode[]; time: number }[] = [];
  readonly computers: {
    label: string;
    hostname: string;
    description: string;
    scheduler: string;
    metadata: Attributes;
  }[] = [];
  now: number;

  constructor(start: number) {
    this.now = start;
  }

  /** Lets time go by, and gives the new time. */
  after(seconds: number): number {
    this.now += Math.round(seconds * 1e6);
    return this.now;
  }

  node(
    nodeType: string,
    attributes: Attributes,
    more: Partial<
      Pick<DraftNode, 'processType' | 'label' | 'description' | 'files' | 'computer' | 'extras'>
    > = {},
  ): DraftNode {
    const id = this.nodes.length + 1;
    const time = this.after(0.137_041);
    const node: DraftNode = {
      id,
      uuid: uuidOf(`node ${id}`),
      nodeType,
      processType: null,
      label: '',
      description: '',
      ctime: time,
      mtime: time,
      attributes,
      extras: {},
      files: {},
      computer: null,
      ...more,
    };
    this.nodes.push(node);
    return node;
  }

  link(source: DraftNode, target: DraftNode, type: LinkType, label: string): void {
    this.links.push({ source: source.id, target: target.id, type, label });
  }

  log(node: DraftNode, level: 'REPORT' | 'WARNING' | 'ERROR', text: string): void {
    this.logs.push({ node, time: this.after(0.021_003), level, text });
  }

  comment(node: DraftNode, text: string): void {
    this.comments.push({ node, time: this.after(3600.5), level: '', text });
  }
}

const creator = { email: 'demo@example.org', first: 'Demo', last: 'project', institution: 'Stemma' };

/** Writes the draft as an archive main_0001; the same draft gives the same rows and files. */
export async function writeDraft(draft: Draft, file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-demo-'));
  try {
    const database = join(folder, 'db.sqlite3');
    const objects = writeRows(draft, database);
    rmSync(file, { force: true });
    const zip = new ZipWriter(file, 9, new Date(2025, 8, 26, 12));
    for (const [hash, content] of objects) zip.add(await zip.pack(`repo/${hash}`, Buffer.from(content)));
    await zip.addStream('db.sqlite3', createReadStream(database), statSync(database).size);
    const metadata = {
      export_version: 'main_0001',
      aiida_version: '2.9.0',
      key_format: 'sha256',
      compression: 9,
      ctime: '2025-09-26T12:00:00.000000',
    };
    zip.add(await zip.pack('metadata.json', Buffer.from(writePyJson(metadata)), 0));
    zip.finish(['metadata.json', 'db.sqlite3']);
    zip.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeRows(draft: Draft, database: string): ReadonlyMap<string, string | Uint8Array> {
  const objects = new Map<string, string | Uint8Array>();
  const repository = (files: Files): string => {
    const paths = Object.entries(files).map(([path, content]) => {
      const hash = sha256(content);
      objects.set(hash, content);
      return [path, hash as ObjectHash] as const;
    });
    return writePyJson(writeRepositoryTree(treeOf(paths)) as PyJson);
  };
  const db = new Database(database);
  for (const sql of tables) db.exec(sql);
  const insert = (table: string, ...values: (string | number | null)[]): void => {
    db.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`).run(...values);
  };
  db.exec('BEGIN');
  insert('db_dbuser', 1, creator.email, creator.first, creator.last, creator.institution);
  for (const [i, { label, hostname, description, scheduler, metadata }] of draft.computers.entries()) {
    const uuid = uuidOf(`computer ${label}`);
    insert(
      'db_dbcomputer',
      i + 1,
      uuid,
      label,
      hostname,
      description,
      scheduler,
      'core.ssh',
      writePyJson(metadata),
    );
  }
  for (const node of draft.nodes) {
    const { id, uuid, nodeType, processType, label, description, attributes, extras, files, computer } = node;
    const times = [writeTimestamp(node.ctime), writeTimestamp(node.mtime)] as const;
    const json = [writePyJson(attributes), writePyJson(extras), repository(files)] as const;
    insert('db_dbnode', id, uuid, nodeType, processType, label, description, ...times, ...json, computer, 1);
  }
  for (const [i, { source, target, label, type }] of draft.links.entries()) {
    insert('db_dblink', i + 1, source, target, label, type);
  }
  for (const [i, { node, time, level, text }] of draft.logs.entries()) {
    const logger = `aiida.orm.nodes.${node.nodeType.slice(0, -1)}`;
    insert('db_dblog', i + 1, uuidOf(`log ${i}`), writeTimestamp(time), logger, level, node.id, text, '{}');
  }
  for (const [i, { node, time, text }] of draft.comments.entries()) {
    const at = writeTimestamp(time);
    insert('db_dbcomment', i + 1, uuidOf(`comment ${i}`), node.id, at, at, 1, text);
  }
  let member = 0;
  for (const [i, { label, description, members, time }] of draft.groups.entries()) {
    insert(
      'db_dbgroup',
      i + 1,
      uuidOf(`group ${label}`),
      label,
      'core',
      writeTimestamp(time),
      description,
      '{}',
      1,
    );
    for (const node of members) insert('db_dbgroup_dbnodes', ++member, node.id, i + 1);
  }
  for (const sql of indexes) db.exec(sql);
  db.exec('COMMIT');
  db.close();
  return objects;
}
