import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openReader } from '#main/provenance/database.ts';
import { checkGraph } from '#main/provenance/read/check.ts';
import { ReadSession } from '#main/provenance/read/session.ts';
import { temporaryStore } from '../../support/profile-database.ts';

test('a search index that was merged since a reader last asked it is not called corrupt', () => {
  const { file } = temporaryStore({ indexAfterMs: -1 });
  const reader = openReader(file);
  const writer = new Database(file);
  onTestFinished(() => {
    reader.close();
    writer.close();
  });
  const session = new ReadSession(reader, { hasSearchIndex: true, now: Date.now });
  const word = (rowid: number): void =>
    void writer.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)').run(rowid, `word w${rowid}`);
  word(1);
  expect(session.column('SELECT rowid FROM search WHERE search MATCH ?', 'word')).toEqual([1]);
  for (let rowid = 2; rowid < 50; rowid++) word(rowid);
  writer.exec(`INSERT INTO search (search) VALUES ('optimize')`);
  // the trap: this is what SQLite says by itself; where it no longer does, the check needs no question before it
  expect(session.pragma('quick_check(1)')).not.toEqual([{ quick_check: 'ok' }]);
  expect(checkGraph(session).problems).toEqual([]);
});

test('a search index that is corrupt is still called so', () => {
  const { file } = temporaryStore({ indexAfterMs: -1 });
  const writer = new Database(file);
  writer.unsafeMode(true);
  writer.exec(`INSERT INTO search (rowid, words) VALUES (1, 'word')`);
  writer.exec('DELETE FROM search_data WHERE id > 100');
  writer.close();
  const reader = openReader(file);
  onTestFinished(() => void reader.close());
  const { problems } = checkGraph(new ReadSession(reader, { hasSearchIndex: true, now: Date.now }));
  expect(problems.map(({ code }) => code)).toContain('database-damaged');
});
