/**
 * The files thread: hashing, writing and checking of one repository, so that the main thread never waits for a disk.
 * It serves the main thread, and every thread that was given a port of its own.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { errorInfo } from '#shared/base/errors.ts';
import { ensure } from '#shared/base/assert.ts';
import { writeError } from './errors.ts';
import { layoutOf } from './layout.ts';
import { FilesService } from './files-service.ts';
import type { FilesCall, FilesReady, FilesReply } from './protocol.ts';

const port = ensure(parentPort, 'the port of the main thread');
const { root } = workerData as { readonly root: string };

function serve(service: FilesService, from: MessagePort): void {
  from.on('message', ({ id, request }: FilesCall) => {
    if (request.kind === 'attach') serve(service, request.port);
    service.answer(request, from).then(
      (value) => from.postMessage({ id, ok: true, value } satisfies FilesReply),
      (error: unknown) =>
        from.postMessage({ id, ok: false, error: errorInfo(writeError(error, root)) } satisfies FilesReply),
    );
  });
  from.on('close', () => service.forget(from));
}

try {
  const service = await FilesService.open(layoutOf(root));
  serve(service, port);
  port.postMessage({ ready: true } satisfies FilesReady);
} catch (error) {
  port.postMessage({ ready: false, error: errorInfo(writeError(error, root)) } satisfies FilesReady);
}
