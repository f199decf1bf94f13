/** A thread that does one long piece of work on what is stored: deletes, restores, lets go. */
import { statfsSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { assertNever, ensure } from '#shared/base/assert.ts';
import { errorInfo, userError } from '#shared/base/errors.ts';
import type { FromTask, ToTask } from '../isolate/task-thread.ts';
import { openReader, openSecondWriter } from '../provenance/database.ts';
import { translated } from '../provenance/sqlite-errors.ts';
import { FilesClient } from '../repository/files-client.ts';
import { ObjectReader } from '../repository/object-reader.ts';
import { RepositoryClient } from '../repository/repository.ts';
import { deleteNodes } from './delete-nodes.ts';
import type { Work } from './exclusive.ts';
import { forgetDeletions } from './forget-deletions.ts';
import { freeSpace } from './free-space.ts';
import { bytesOf } from './object-bytes.ts';
import { purgeContent } from './purge-content.ts';
import { previewPurge } from './purge-plan.ts';
import { forgetPurges, restorePurge, settlePurges } from './purge-records.ts';
import { restoreNodes } from './restore-nodes.ts';
import { storageReport } from './storage-report.ts';
import type { StorageResults, StorageWorkerData } from './tasks.ts';

const port = ensure(parentPort, 'the port of the main thread');
const { task, database, repositoryRoot, files } = workerData as StorageWorkerData;
const cancel = new AbortController();
const { signal } = cancel;

const send = (message: FromTask): void => port.postMessage(message);

port.on('message', ({ kind }: ToTask) => {
  if (kind === 'cancel')
    cancel.abort(
      userError({ code: 'cancelled', message: 'The operation was cancelled; nothing was changed.' }),
    );
});

function roomAt(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null; // the system does not say
  }
}

async function withObjects<T>(look: (objects: ObjectReader) => Promise<T>): Promise<T> {
  const objects = new ObjectReader(repositoryRoot);
  try {
    return await look(objects);
  } finally {
    objects.close();
  }
}

async function run(): Promise<StorageResults[keyof StorageResults]> {
  const reads = task.kind === 'report' || task.kind === 'preview-purge';
  const db = reads ? openReader(database) : openSecondWriter(database, 1000);
  const client = new FilesClient(files);
  client.listen();
  const repository = new RepositoryClient(repositoryRoot, client);
  const work: Work = { progress: (progress) => send({ kind: 'progress', progress }), signal };
  try {
    switch (task.kind) {
      case 'delete': {
        const sizeOf = (hashes: Uint8Array): Promise<number> => bytesOf(repository, hashes, signal);
        return await deleteNodes(db, { ...task, now: Date.now, sizeOf }, work);
      }
      case 'restore':
        return await restoreNodes(db, task.uuid, work);
      case 'forget':
        return await forgetDeletions(db, task.which, work);
      case 'report':
        return await withObjects((objects) =>
          storageReport({ db, objects, repository, now: Date.now(), freeRoom: roomAt(repositoryRoot) }, work),
        );
      case 'free':
        return await withObjects((objects) => freeSpace({ db, objects, repository }, work));
      case 'preview-purge':
        return await withObjects((objects) =>
          previewPurge({ db, objects, repository, now: Date.now() }, task.selection, work),
        );
      case 'purge':
        return await withObjects((objects) =>
          purgeContent({ db, objects, repository, now: Date.now() }, task, work),
        );
      case 'restore-purge':
        return await restorePurge({ db, repository }, task.uuid, work);
      case 'forget-purges':
        return await forgetPurges(db, task.uuids, work);
      case 'settle-purges':
        return await settlePurges({ db, repository }, work);
      default:
        return assertNever(task);
    }
  } finally {
    db.close();
    await repository.close();
  }
}

try {
  send({ kind: 'done', value: await run() });
} catch (error) {
  send({ kind: 'failed', error: errorInfo(translated(signal.aborted ? signal.reason : error)) });
}
// whatever is still open: nobody waits for it any more
process.exit();
