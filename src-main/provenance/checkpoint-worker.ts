/**
 * Copies committed pages from the log into the database, in a thread, because waiting for the disk takes long. It never
 * asks for the writer's lock (PASSIVE), so a commit never waits for it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import type { CheckpointAsk, CheckpointWorkerData } from './checkpoints.ts';

const port = parentPort;
if (port === null) throw new Error('This module runs as a worker thread.');

const { file, closing } = workerData as CheckpointWorkerData;
if (Atomics.load(closing, 0) === 0) {
  const db = new Database(file, { fileMustExist: true, timeout: 0 });
  db.pragma('synchronous = FULL');
  if (process.platform === 'darwin') db.pragma('checkpoint_fullfsync = ON');
  db.pragma('wal_autocheckpoint = 0');

  port.on('message', (ask: CheckpointAsk) => {
    if (ask === 'close') {
      db.close();
      port.close();
      return;
    }
    try {
      db.pragma('wal_checkpoint(PASSIVE)');
      port.postMessage(null);
    } catch (error) {
      port.postMessage(error instanceof Error ? error.message : String(error));
    }
  });
}
