import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '#main/provenance/store.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';

/** SQLite's `PRAGMA synchronous`: from here on a commit that was acknowledged is on the disk. */
const full = 2;
/** Pages in the log from which on they are copied, below what the store's own thread begins at: its time is not virtual. */
const copiedFrom = 700;
/** Of a database that does not wait for the disk, so many states are kept, each so many commits apart. */
const snapshots = 4;
const commitsApart = 4;

const opened = new Map<string, Database.Database>();
const pragma = Database.prototype.pragma;
/** Remembers the connection behind a file: the store keeps it to itself, and the world must know how it was set up. */
Database.prototype.pragma = function remember(this: Database.Database, ...args: Parameters<typeof pragma>) {
  if (!this.readonly) opened.set(this.name, this);
  return pragma.apply(this, args);
};

/** In memory where there is such a folder: nothing waits for a real disk, and what a power cut takes is decided here. */
function newFolder(): string {
  return mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'stemma-sim-'));
}

const parts = ['', '-wal'];

const treesOf = `SELECT repository_metadata FROM nodes WHERE id = ?
  UNION ALL SELECT n.repository_metadata FROM links AS l JOIN nodes AS n ON n.id = l.target_id WHERE l.source_id = ?`;

/** The database file of the profile, and what of it survives. */
export class ProfileDisk {
  readonly folder = newFolder();
  readonly file = path.join(this.folder, 'profile.sqlite');
  readonly #template = path.join(this.folder, 'template.sqlite');
  #weak = false;
  #commits = 0;
  #kept: string[] = [];
  #trees: Database.Statement<[number, number], string> | null = null;

  constructor() {
    openStore({ file: this.#template, indexAfterMs: -1 }).close();
  }

  /** A new profile without anything in it. */
  reset(): void {
    this.#remove(this.file);
    copyFileSync(this.#template, this.file);
    for (const kept of this.#kept) this.#remove(kept);
    this.#kept = [];
    this.#commits = 0;
  }

  open(onError: (error: unknown) => void): ProvenanceStore {
    const store = openStore({ file: this.file, indexAfterMs: -1, onError });
    const connection = opened.get(this.file);
    connection?.pragma(`wal_autocheckpoint = ${copiedFrom}`);
    this.#weak =
      connection === undefined || Number(connection.pragma('synchronous', { simple: true })) < full;
    return store;
  }

  /** After each commit. */
  noteCommit(): void {
    if (!this.#weak || this.#commits++ % commitsApart !== 0) return;
    const copy = path.join(this.folder, `kept-${this.#commits}`);
    for (const part of parts) if (existsSync(this.file + part)) copyFileSync(this.file + part, copy + part);
    this.#kept.push(copy);
    if (this.#kept.length > snapshots) this.#remove(this.#kept.shift() ?? '');
  }

  /** The power is gone: a database that did not wait for the disk is as it was some commits ago. Closed before. */
  powerCut(pick: (count: number) => number): boolean {
    const kept = this.#kept[pick(this.#kept.length)];
    if (!this.#weak || kept === undefined) return false;
    this.#remove(this.file);
    for (const part of parts) if (existsSync(kept + part)) copyFileSync(kept + part, this.file + part);
    return true;
  }

  /** Messages that were logged of a process, by the connection that is open. */
  logOf(process: number): readonly string[] {
    const connection = opened.get(this.file);
    if (connection?.open !== true) return [];
    return connection
      .prepare<[number], string>('SELECT message FROM logs WHERE node_id = ?')
      .pluck()
      .all(process);
  }

  /** The repositories of a process and of what it made, as they come from their rows. */
  treesOf(process: number): readonly string[] {
    const connection = opened.get(this.file);
    if (connection?.open !== true) return [];
    if (this.#trees?.database !== connection)
      this.#trees = connection.prepare<[number, number], string>(treesOf).pluck();
    return this.#trees.all(process, process);
  }

  get bytes(): number {
    return statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #remove(file: string): void {
    for (const part of [...parts, '-shm']) rmSync(file + part, { force: true });
  }
}

/** A folder in which nothing may be written by a run. */
export function emptyFolder(parent: string, name: string): string {
  const folder = path.join(parent, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
