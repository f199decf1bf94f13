/** A thread that does one task on one archive: reads it, imports it, or writes it. */
import { parentPort, workerData } from 'node:worker_threads';
import { assertNever, ensure } from '#shared/base/assert.ts';
import { errorInfo, userError } from '#shared/base/errors.ts';
import type { Progress } from '#shared/contract/common.ts';
import { forkChild } from '../isolate/peer.ts';
import { peerOverPort } from '../isolate/peer-over-port.ts';
import { residentMemory } from '../isolate/resident-memory.ts';
import type { FromTask, ToTask } from '../isolate/task-thread.ts';
import { openReader, openSecondWriter } from '../provenance/database.ts';
import { translated } from '../provenance/sqlite-errors.ts';
import { FilesClient } from '../repository/files-client.ts';
import { ObjectReader } from '../repository/object-reader.ts';
import { RepositoryClient } from '../repository/repository.ts';
import { exportArchive } from './aiida/export/export-archive.ts';
import { importArchive } from './aiida/import/import-archive.ts';
import { readArchiveInfo } from './aiida/archive-info.ts';
import type { ArchiveSurroundings } from './aiida/open-archive.ts';
import { writeWayOut } from './ways-out/write-way-out.ts';
import type { ArchiveResults, ArchiveWorkerData, ProfileForArchive } from './tasks.ts';

const port = ensure(parentPort, 'the port of the main thread');
const { task, cache, profile, child } = workerData as ArchiveWorkerData;
const cancel = new AbortController();
const { signal } = cancel;

const send = (message: FromTask): void => port.postMessage(message);
const progress = (value: Progress): void => send({ kind: 'progress', progress: value });

port.on('message', ({ kind }: ToTask) => {
  if (kind === 'cancel')
    cancel.abort(userError({ code: 'cancelled', message: 'The operation was cancelled.' }));
});

const surroundings: ArchiveSurroundings = {
  cache,
  startReader: () => (child === null ? forkChild(residentMemory)('foreign-child') : peerOverPort(child)),
  now: Date.now,
};

const theProfile = (): ProfileForArchive => ensure(profile, 'the profile for this task');

async function run(): Promise<ArchiveResults[keyof ArchiveResults]> {
  switch (task.kind) {
    case 'info':
      return readArchiveInfo(task.file, surroundings, signal);
    case 'import': {
      const { database, repositoryRoot, files } = theProfile();
      const client = new FilesClient(files);
      client.listen();
      const repository = new RepositoryClient(repositoryRoot, client);
      try {
        return await importArchive({
          ...task,
          surroundings,
          openDatabase: (mode) =>
            mode === 'reader' ? openReader(database) : openSecondWriter(database, 1000),
          repository,
          progress,
          signal,
        });
      } finally {
        await repository.close();
      }
    }
    case 'export':
    case 'way-out': {
      const { database, repositoryRoot } = theProfile();
      const db = openReader(database);
      // what an export takes is noted in temporary tables; the file itself stays read-only
      db.pragma('query_only = OFF');
      const objects = new ObjectReader(repositoryRoot);
      const parts = { cache, db, objects, now: Date.now, progress, signal };
      try {
        return task.kind === 'export'
          ? await exportArchive({ ...task, ...parts })
          : await writeWayOut({ ...task, ...parts });
      } finally {
        objects.close();
        db.close();
      }
    }
    default:
      return assertNever(task);
  }
}

try {
  send({ kind: 'done', value: await run() });
} catch (error) {
  send({ kind: 'failed', error: errorInfo(translated(signal.aborted ? signal.reason : error)) });
}
// whatever is still open: nobody waits for it any more
process.exit();
