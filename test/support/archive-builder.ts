import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { indexes, tables } from '#main/archive/aiida/export/database-schema.ts';
import { ZipWriter } from '#main/archive/aiida/export/zip-writer.ts';
import type { LinkType } from '#shared/provenance/links.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface BuiltNode {
  readonly nodeType?: string;
  readonly uuid?: string;
  readonly label?: string;
  /** JSON text. Processes are sealed unless it says otherwise. */
  readonly attributes?: string;
  readonly extras?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly user?: number;
  readonly computer?: number | null;
  readonly time?: string;
}

const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** Makes archives by hand, right ones and wrong ones. Ids are 1, 2, … in the order of the calls. */
export class ArchiveBuilder {
  readonly folder = temporaryFolder();
  /** The database while it is made, for whatever no method does. */
  readonly db: Database.Database;
  readonly objects = new Map<string, Buffer>();
  metadata: Record<string, unknown> = {
    export_version: 'main_0001',
    aiida_version: '2.9.0',
    ctime: '2026-03-10T20:49:47.405613',
    key_format: 'sha256',
    compression: 6,
  };
  readonly uuids: string[] = [];
  #ids = 0;

  constructor() {
    this.db = new Database(join(this.folder, 'db.sqlite3'));
    for (const sql of [...tables, ...indexes]) this.db.exec(sql);
    // what is wrong on purpose must be writable
    this.db.pragma('foreign_keys = OFF');
    this.db.exec(`INSERT INTO db_dbuser VALUES (1, 'ada@example.org', 'Ada', 'Example', 'Example')`);
  }

  node(node: BuiltNode = {}): number {
    const nodeType = node.nodeType ?? NodeType.int;
    const process = nodeType.startsWith('process.');
    const uuid = node.uuid ?? randomUUID();
    const time = node.time ?? '2025-03-04 05:06:07.000089';
    const files = Object.entries(node.files ?? {}).map(([name, text]) => [name, { k: this.object(text) }]);
    const repository = files.length === 0 ? '{}' : JSON.stringify({ o: Object.fromEntries(files) });
    const { lastInsertRowid } = this.db
      .prepare('INSERT INTO db_dbnode VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        uuid,
        nodeType,
        process ? 'aiida.calculations:example' : null,
        node.label ?? '',
        '',
        time,
        time,
        node.attributes ??
          (process ? '{"sealed": true, "process_state": "finished", "exit_status": 0}' : '{"value": 1}'),
        node.extras ?? '{}',
        repository,
        node.computer ?? null,
        node.user ?? 1,
      );
    this.uuids.push(uuid);
    return Number(lastInsertRowid);
  }

  link(source: number, target: number, type: LinkType | string, label = `l${source}_${target}`): void {
    this.db.prepare('INSERT INTO db_dblink VALUES (NULL, ?, ?, ?, ?)').run(source, target, label, type);
  }

  computer(label: string, uuid: string = randomUUID()): number {
    const { lastInsertRowid } = this.db
      .prepare(
        `INSERT INTO db_dbcomputer VALUES (NULL, ?, ?, 'host.example.org', '', 'core.direct', 'core.local', '{}')`,
      )
      .run(uuid, label);
    return Number(lastInsertRowid);
  }

  group(label: string, members: readonly number[], uuid: string = randomUUID()): number {
    const { lastInsertRowid } = this.db
      .prepare(
        `INSERT INTO db_dbgroup VALUES (NULL, ?, ?, 'core', '2025-01-01 00:00:00.000001', '', '{}', 1)`,
      )
      .run(uuid, label);
    for (const node of members) {
      this.db.prepare('INSERT INTO db_dbgroup_dbnodes VALUES (NULL, ?, ?)').run(node, lastInsertRowid);
    }
    return Number(lastInsertRowid);
  }

  log(node: number, message: string, uuid: string = randomUUID()): void {
    this.db
      .prepare(
        `INSERT INTO db_dblog VALUES (NULL, ?, '2025-01-01 00:00:00.000002', 'aiida', 'REPORT', ?, ?, '{}')`,
      )
      .run(uuid, node, message);
  }

  comment(node: number, content: string, uuid: string = randomUUID()): void {
    const time = '2025-01-01 00:00:00.000003';
    this.db
      .prepare('INSERT INTO db_dbcomment VALUES (NULL, ?, ?, ?, ?, 1, ?)')
      .run(uuid, node, time, time, content);
  }

  /** A calculation with one input and one output: the smallest provenance. */
  calculation(): { readonly input: number; readonly process: number; readonly output: number } {
    const input = this.node();
    const process = this.node({ nodeType: NodeType.calcFunction });
    const output = this.node({ attributes: '{"value": 2}', files: { 'out.txt': `result ${process}` } });
    this.link(input, process, 'input_calc', 'x');
    this.link(process, output, 'create', 'result');
    return { input, process, output };
  }

  object(text: string | Buffer): string {
    const bytes = Buffer.from(text);
    const hash = sha256(bytes);
    this.objects.set(hash, bytes);
    return hash;
  }

  databaseBytes(): Buffer {
    if (this.db.open) this.db.close();
    return readFileSync(join(this.folder, 'db.sqlite3'));
  }

  /** Writes the archive as it is now; more can be added afterwards only to what is not the database. */
  async write(name = `archive-${++this.#ids}.aiida`): Promise<string> {
    const file = join(this.folder, name);
    const zip = new ZipWriter(file, 6, new Date(2025, 0, 1));
    for (const [hash, bytes] of this.objects) zip.add(await zip.pack(`repo/${hash}`, bytes));
    zip.add(await zip.pack('db.sqlite3', this.databaseBytes()));
    zip.add(await zip.pack('metadata.json', Buffer.from(JSON.stringify(this.metadata)), 0));
    zip.finish(['metadata.json', 'db.sqlite3']);
    zip.close();
    return file;
  }
}
