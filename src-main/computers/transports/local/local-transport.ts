import type { Clock } from '#shared/base/clock.ts';
import { deferred } from '#shared/base/deferred.ts';
import type { ExecAnswer, ExecRequest, Transport } from '../../transport.ts';
import { localExec } from './local-exec.ts';
import { localFetch, localManifest, localUpload } from './local-files.ts';

/** This machine: child processes and its file system, without a detour. */
export class LocalTransport implements Transport {
  readonly type = 'core.local';
  readonly #environment: NodeJS.ProcessEnv;
  readonly #clock: Clock;
  readonly #closed = deferred<Error>();
  readonly upload: Transport['upload'] = localUpload;
  readonly manifest: Transport['manifest'] = localManifest;
  readonly fetch: Transport['fetch'] = localFetch;

  constructor(environment: NodeJS.ProcessEnv, clock: Clock) {
    this.#environment = environment;
    this.#clock = clock;
  }

  get closed(): Promise<Error> {
    return this.#closed.promise;
  }

  exec(request: ExecRequest): Promise<ExecAnswer> {
    return localExec(request, this.#environment, this.#clock);
  }

  close(): void {
    this.#closed.resolve(new Error('closed'));
  }
}
