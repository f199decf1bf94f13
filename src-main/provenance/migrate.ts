import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { operationalError, userError } from '#shared/base/errors.ts';
import { applicationId } from './database.ts';
import { migrations as allMigrations } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';

export interface MigrateOptions {
  readonly migrations?: readonly Migration[];
  /** Sees each statement before it runs; tests stop the process there. */
  readonly onStatement?: (migration: Migration, statement: number) => void;
}

export interface MigrateResult {
  /** Versions of the schema (`user_version`); 0 is an empty file. */
  readonly from: number;
  readonly to: number;
  /** The copy that was made before anything changed; null for a new file and where nothing had to be done. */
  readonly backup: string | null;
}

const versionOf = (db: Database.Database): number => db.pragma('user_version', { simple: true }) as number;

/**
 * Brings the schema of an open database up to date, each step in one transaction that also sets `user_version`: after a
 * kill or a power cut at any point the file has the schema of one version, whole, and opens again.
 *
 * @throws StemmaError `profile-too-new` (made by a later Stemma), `not-a-profile` (some other SQLite file),
 *   `backup-no-space`, `backup-failed`; nothing has changed then
 */
export function migrate(db: Database.Database, file: string, options: MigrateOptions = {}): MigrateResult {
  const { migrations = allMigrations, onStatement } = options;
  const newest = migrations.at(-1)?.number ?? 0;
  const from = versionOf(db);
  const id = db.pragma('application_id', { simple: true });
  const isEmpty = from === 0 && db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (!isEmpty && id !== applicationId) {
    throw userError({
      code: 'not-a-profile',
      message: `${path.basename(file)} is a database, but not one of Stemma's.`,
      subject: file,
      hint: 'Choose another folder for the profile.',
    });
  }
  if (from > newest) {
    throw userError({
      code: 'profile-too-new',
      message: `The profile was last opened by a newer Stemma: its database has version ${from}, and this Stemma knows versions up to ${newest}.`,
      subject: file,
      hint: 'Update Stemma, or open the backup that was made before the update. Nothing was changed.',
    });
  }
  if (from === newest) return { from, to: from, backup: null };
  const backup = isEmpty ? null : backUp(db, file, from);
  for (const migration of migrations) if (migration.number > from) apply(db, migration, onStatement);
  return { from, to: newest, backup };
}

function apply(
  db: Database.Database,
  migration: Migration,
  onStatement: MigrateOptions['onStatement'],
): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    migration.statements.forEach((statement, index) => {
      onStatement?.(migration, index);
      db.exec(statement);
    });
    // Both are part of the transaction, because both live on the first page.
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${migration.number}`);
    onStatement?.(migration, migration.statements.length);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** A copy in one file (no log beside it), read back and durable before anything changes. */
function backUp(db: Database.Database, file: string, version: number): string {
  const backup = `${file}.before-version-${version + 1}`;
  checkRoom(file);
  // What an earlier try left may be half a copy.
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(backup + suffix, { force: true });
  db.prepare('VACUUM INTO ?').run(backup);
  syncFile(backup);
  syncDirectoryOf(backup);
  const copy = new Database(backup, { readonly: true });
  try {
    const verdict = copy.pragma('quick_check(1)', { simple: true });
    const nodes = (of: Database.Database): unknown => of.prepare('SELECT count(*) FROM nodes').pluck().get();
    if (verdict !== 'ok' || versionOf(copy) !== version || nodes(copy) !== nodes(db)) {
      throw operationalError({
        code: 'backup-failed',
        message: 'The backup of the profile could not be read back, so its database was not updated.',
        subject: backup,
        hint: 'Check the disk, and open the profile again.',
      });
    }
  } finally {
    copy.close();
  }
  return backup;
}

function checkRoom(file: string): void {
  const wal = `${file}-wal`;
  const needed = statSync(file).size + (existsSync(wal) ? statSync(wal).size : 0);
  const { bavail, bsize } = statfsSync(path.dirname(file));
  // The copy, and as much again for what the update itself writes.
  if (bavail * bsize < needed * 2) {
    throw operationalError({
      code: 'backup-no-space',
      message: `The profile must be backed up before it is updated, and its disk has not ${Math.ceil((needed * 2) / 1e6)} MB left.`,
      subject: file,
      hint: 'Free some space, and open the profile again. Nothing was changed.',
    });
  }
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes the name durable. Windows has no such call and needs none. */
function syncDirectoryOf(file: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path.dirname(file), 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
