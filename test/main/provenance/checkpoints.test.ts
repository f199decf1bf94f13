import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { Checkpoints } from '#main/provenance/checkpoints.ts';
import { prepareWriter } from '#main/provenance/database.ts';

test('a database that is closed while the thread that copies is still coming up lets it end by itself', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stemma-checkpoints-'));
  try {
    for (const afterMs of [0, 15, 30, 60, 120]) {
      const errors: Error[] = [];
      const file = path.join(folder, `after-${afterMs}.sqlite`);
      const db = new Database(file);
      prepareWriter(db);
      const checkpoints = new Checkpoints(db, { onError: (error) => errors.push(error) });
      db.exec('CREATE TABLE pages (content BLOB); INSERT INTO pages VALUES (zeroblob(6000000))');
      checkpoints.noteCommit();
      // the log is looked at a quarter of a second later
      await wait(260 + afterMs);
      const closed = checkpoints.close();
      db.close();
      await closed;
      expect(errors).toEqual([]);
      const again = new Database(file, { readonly: true });
      expect(again.pragma('integrity_check', { simple: true })).toBe('ok');
      again.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
