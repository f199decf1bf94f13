/**
 * The measurement behind docs/decisions/small-objects.md: durable writes and hashed reads of objects of one size, as
 * loose files, as blobs in SQLite, and as pack files with an index in SQLite.
 * Run: `node test/bench/object-store.ts [directory]`. The directory's disk is what is measured.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';

interface Store {
  /** Durable when it returns. */
  put(objects: readonly Buffer[]): void;
  read(hash: string): Buffer;
  close(): void;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function syncDirectory(directory: string): void {
  const fd = openSync(directory, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

function looseStore(root: string): Store {
  const place = (hash: string): string => path.join(root, hash.slice(0, 2), hash.slice(2));
  for (let i = 0; i < 256; i++) mkdirSync(path.join(root, i.toString(16).padStart(2, '0')));
  return {
    put(objects) {
      const folders = new Set<string>();
      const renames: [string, string][] = [];
      for (const bytes of objects) {
        const target = place(sha256(bytes));
        const temporary = path.join(root, `t${renames.length}`);
        const fd = openSync(temporary, 'w');
        writeSync(fd, bytes);
        fsyncSync(fd);
        closeSync(fd);
        renames.push([temporary, target]);
        folders.add(path.dirname(target));
      }
      for (const [from, to] of renames) renameSync(from, to);
      for (const folder of folders) syncDirectory(folder);
    },
    read: (hash) => readFileSync(place(hash)),
    close() {},
  };
}

function openIndex(file: string, columns: string): Database.Database {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE objects (hash BLOB PRIMARY KEY, ${columns}) STRICT, WITHOUT ROWID`);
  return db;
}

function sqliteStore(root: string): Store {
  const db = new Database(path.join(root, 'small.sqlite'));
  db.pragma('page_size = 8192');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE objects (hash BLOB NOT NULL UNIQUE, content BLOB NOT NULL) STRICT');
  const insert = db.prepare('INSERT OR IGNORE INTO objects VALUES (?, ?)');
  const select = db.prepare('SELECT content FROM objects WHERE hash = ?').pluck();
  const put = db.transaction((objects: readonly Buffer[]) => {
    for (const bytes of objects) insert.run(createHash('sha256').update(bytes).digest(), bytes);
  });
  return {
    put,
    read: (hash) => select.get(Buffer.from(hash, 'hex')) as Buffer,
    close: () => db.close(),
  };
}

function packStore(root: string): Store {
  const db = openIndex(path.join(root, 'index.sqlite'), 'offset INTEGER, length INTEGER');
  const insert = db.prepare('INSERT OR IGNORE INTO objects VALUES (?, ?, ?)');
  const select = db.prepare('SELECT offset, length FROM objects WHERE hash = ?').raw();
  const fd = openSync(path.join(root, 'pack'), 'w+');
  let end = 0;
  const index = db.transaction((rows: readonly (readonly [Buffer, number, number])[]) => {
    for (const row of rows) insert.run(...row);
  });
  return {
    put(objects) {
      const rows = objects.map((bytes) => {
        const row = [createHash('sha256').update(bytes).digest(), end, bytes.length] as const;
        writeSync(fd, bytes, 0, bytes.length, end);
        end += bytes.length;
        return row;
      });
      fsyncSync(fd);
      index(rows);
    },
    read(hash) {
      const [offset, length] = select.get(Buffer.from(hash, 'hex')) as [number, number];
      const bytes = Buffer.allocUnsafe(length);
      readSync(fd, bytes, 0, length, offset);
      return bytes;
    },
    close() {
      closeSync(fd);
      db.close();
    },
  };
}

const stores = {
  'loose files': looseStore,
  'SQLite blobs': sqliteStore,
  'pack and index': packStore,
} as const;
const base = process.argv[2] ?? tmpdir();
const totalBytes = 200e6;

console.log('store            size      objects  put/s one by one  put/s by 100  MB/s by 100  read/s');
for (const size of [1_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 4_000_000]) {
  for (const [name, open] of Object.entries(stores)) {
    const count = Math.max(20, Math.min(10_000, Math.floor(totalBytes / size)));
    const rate = (batch: number): readonly [rate: number, readRate: number] => {
      const root = mkdtempSync(path.join(base, 'stemma-objects-'));
      const store = open(root);
      const n = batch === 1 ? Math.min(count, 1000) : count;
      const objects = Array.from({ length: n }, () => randomBytes(size));
      const start = performance.now();
      for (let i = 0; i < n; i += batch) store.put(objects.slice(i, i + batch));
      const seconds = (performance.now() - start) / 1000;
      const hashes = objects.map(sha256);
      const readStart = performance.now();
      for (const hash of hashes) if (sha256(store.read(hash)) !== hash) throw new Error('damaged');
      const readSeconds = (performance.now() - readStart) / 1000;
      store.close();
      rmSync(root, { recursive: true });
      return [n / seconds, n / readSeconds];
    };
    const [single] = rate(1);
    const [many, reads] = rate(100);
    console.log(
      [
        name.padEnd(15),
        String(size).padStart(8),
        String(count).padStart(8),
        single.toFixed(0).padStart(17),
        many.toFixed(0).padStart(13),
        ((many * size) / 1e6).toFixed(0).padStart(12),
        reads.toFixed(0).padStart(8),
      ].join(' '),
    );
  }
}
