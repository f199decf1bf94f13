/** A thread that does one task on one archive: reads it, imports it, or writes it. */
import { parentPort, workerData } from 'node:worker_threads';
import { ensure } from '#shared/base/assert.ts';
import { errorInfo, userError } from '#shared/base/errors.ts';
import { forkChild } from '../isolate/peer.ts';
import { peerOverPort } from '../isolate/peer-over-port.ts';
import { residentMemory } from '../isolate/resident-memory.ts';
import type { FromTask, ToTask } from '../isolate/task-thread.ts';
import { translated } from '../provenance/sqlite-errors.ts';
import { FilesClient } from '../repository/files-client.ts';
import { RepositoryClient } from '../repository/repository.ts';
import type { ArchiveSurroundings } from './aiida/open-archive.ts';
import { performTask, type TaskProfile } from './perform-task.ts';
import type { ArchiveResults, ArchiveWorkerData, ProfileForArchive } from './tasks.ts';

const port = ensure(parentPort, 'the port of the main thread');
const { task, cache, profile, child } = workerData as ArchiveWorkerData;
const cancel = new AbortController();
const { signal } = cancel;

const send = (message: FromTask): void => port.postMessage(message);

port.on('message', ({ kind }: ToTask) => {
  if (kind === 'cancel')
    cancel.abort(userError({ code: 'cancelled', message: 'The operation was cancelled.' }));
});

const surroundings: ArchiveSurroundings = {
  cache,
  startReader: () => (child === null ? forkChild(residentMemory)('foreign-child') : peerOverPort(child)),
  now: Date.now,
};

let repository: RepositoryClient | null = null;

const taskProfile = ({ database, repositoryRoot, files }: ProfileForArchive): TaskProfile => ({
  database,
  repositoryRoot,
  openRepository() {
    const client = new FilesClient(files);
    client.listen();
    repository = new RepositoryClient(repositoryRoot, client);
    return repository;
  },
});

async function run(): Promise<ArchiveResults[keyof ArchiveResults]> {
  try {
    return await performTask(task, {
      surroundings,
      profile: profile === null ? null : taskProfile(profile),
      progress: (progress) => send({ kind: 'progress', progress }),
      signal,
    });
  } finally {
    await repository?.close();
  }
}

try {
  send({ kind: 'done', value: await run() });
} catch (error) {
  send({ kind: 'failed', error: errorInfo(translated(signal.aborted ? signal.reason : error)) });
}
// whatever is still open: nobody waits for it any more
process.exit();
