import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { applicationId, openReader } from '#main/provenance/database.ts';
import { migrate } from '#main/provenance/migrate.ts';
import { migrations } from '#main/provenance/migrations/all.ts';
import { first } from '#main/provenance/migrations/0001-first.ts';
import { openStore } from '#main/provenance/store.ts';
import { build } from '../../support/profile-database.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { second } from './second-migration.ts';

const newFile = (): string => join(temporaryFolder(), 'stemma.sqlite');
const versionOf = (file: string): unknown => {
  const db = new Database(file, { readonly: true });
  try {
    return db.pragma('user_version', { simple: true });
  } finally {
    db.close();
  }
};

/** What a database is made of, for comparing. */
function schemaOf(file: string): readonly unknown[] {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
  } finally {
    db.close();
  }
}

/** Opens the profile in another process, which is killed before statement `at` of migration `number`. */
function killedAt(file: string, number: number, at: number, newest: number): void {
  const script = join(import.meta.dirname, 'killed-migration.ts');
  const child = spawnSync(process.execPath, [script, file, String(number), String(at), String(newest)], {
    encoding: 'utf8',
  });
  expect([child.signal, child.stderr]).toEqual(['SIGKILL', '']);
}

test('migrations are numbered 1, 2, … without a gap', () => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, i) => i + 1));
});

describe('a new profile', () => {
  test('has the marks of ours, and the log that survives a power cut', () => {
    const file = newFile();
    openStore({ file }).close();
    const db = new Database(file, { readonly: true });
    onTestFinished(() => void db.close());
    expect(db.pragma('application_id', { simple: true })).toBe(applicationId);
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('opens again without a backup, because nothing changes', () => {
    const file = newFile();
    openStore({ file }).close();
    openStore({ file }).close();
    expect(readdirSync(join(file, '..'))).toEqual(['stemma.sqlite']);
  });
});

describe('the first migration', () => {
  test('leaves nothing behind when any of its statements fails', () => {
    const file = newFile();
    for (let at = 0; at <= first.statements.length; at++) {
      const db = new Database(file);
      const failing = (_migration: unknown, statement: number): void => {
        if (statement === at) throw new Error(`statement ${at}`);
      };
      expect(() => migrate(db, file, { onStatement: failing })).toThrow(`statement ${at}`);
      expect(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()).toBe(0);
      expect(db.pragma('user_version', { simple: true })).toBe(0);
      db.close();
    }
  });

  test('is done whole by the next start when it was killed in the middle', () => {
    const whole = newFile();
    openStore({ file: whole }).close();
    for (const at of [0, 1, 20, first.statements.length - 1, first.statements.length]) {
      const file = newFile();
      killedAt(file, 1, at, 1);
      expect(versionOf(file)).toBe(0);
      openStore({ file }).close();
      expect(schemaOf(file)).toEqual(schemaOf(whole));
    }
  });
});

describe('a later migration', () => {
  /** A profile of version 1 with some content. */
  function profile(): string {
    const file = newFile();
    const store = openStore({ file, migrate: { migrations: [first] } });
    build(store, (graph) => {
      const calc = graph.calculation({ label: 'precious' });
      graph.link(graph.data(), calc, 'input_calc', 'x');
      graph.end(calc);
    });
    store.close();
    return file;
  }
  const both = [first, second];
  const backupOf = (file: string): string => `${file}.before-version-2`;
  const labels = (file: string): unknown => {
    const db = openReader(file);
    try {
      return db.prepare(`SELECT label FROM nodes WHERE label <> ''`).pluck().all();
    } finally {
      db.close();
    }
  };

  test('is preceded by a backup that the version before opens', () => {
    const file = profile();
    openStore({ file, migrate: { migrations: both } }).close();
    expect(versionOf(file)).toBe(2);
    expect(versionOf(backupOf(file))).toBe(1);
    expect(existsSync(`${backupOf(file)}-wal`)).toBe(false);
    const old = openStore({ file: backupOf(file), migrate: { migrations: [first] } });
    onTestFinished(() => old.close());
    expect(labels(backupOf(file))).toEqual(['precious']);
  });

  test('that was killed leaves a profile that the old version opens, and the new one too', () => {
    for (let at = 0; at <= second.statements.length; at++) {
      const file = profile();
      killedAt(file, 2, at, 2);
      expect(versionOf(file)).toBe(1);
      openStore({ file, migrate: { migrations: [first] } }).close();
      expect(labels(file)).toEqual(['precious']);
      killedAt(file, 2, at, 2);
      openStore({ file, migrate: { migrations: both } }).close();
      expect(versionOf(file)).toBe(2);
      expect(labels(file)).toEqual(['precious']);
    }
  });

  test('makes its backup anew where an earlier try left half of one', () => {
    const file = profile();
    const half = new Database(backupOf(file));
    half.exec('CREATE TABLE half (a)');
    half.close();
    openStore({ file, migrate: { migrations: both } }).close();
    expect(labels(backupOf(file))).toEqual(['precious']);
  });
});

test('a profile that could not purge can, and what was deleted in it is still kept', () => {
  const file = newFile();
  openStore({ file, migrate: { migrations: migrations.slice(0, 3) } }).close();
  const write = (sql: string): void => {
    const db = new Database(file);
    try {
      db.pragma('foreign_keys = ON');
      db.exec(sql);
    } finally {
      db.close();
    }
  };
  write(`INSERT INTO deletions (uuid, time, summary) VALUES ('d', 1, '{}')`);
  openStore({ file }).close();
  write(`INSERT INTO purges (id, uuid, time, state, summary) VALUES (1, 'p', 1, 'begun', '{}');
    INSERT INTO purged_files VALUES (1, zeroblob(32), 7)`);
  const count = (table: string): unknown => {
    const db = openReader(file);
    try {
      return db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    } finally {
      db.close();
    }
  };
  expect([count('deletions'), count('purged_files')]).toEqual([1, 1]);
  expect(() => write(`UPDATE purges SET state = 'lost'`)).toThrow('CHECK');
  expect(() => write('INSERT INTO purged_files VALUES (1, zeroblob(31), 7)')).toThrow('CHECK');
  // a record takes its files along
  write('DELETE FROM purges');
  expect(count('purged_files')).toBe(0);
});

test('a profile of a newer version is refused by a sentence, and not touched', () => {
  const file = newFile();
  const number = migrations.length + 1;
  openStore({ file, migrate: { migrations: [...migrations, { ...second, number }] } }).close();
  const before = statSync(file).mtimeMs;
  expect(() => openStore({ file })).toThrow(
    expect.objectContaining({
      code: 'profile-too-new',
      message: `The profile was last opened by a newer Stemma: its database has version ${number}, and this Stemma knows versions up to ${migrations.length}.`,
    }),
  );
  expect(statSync(file).mtimeMs).toBe(before);
});
