import { availableParallelism } from 'node:os';
import { setImmediate as immediate } from 'node:timers/promises';
import type { Clock } from '#shared/base/clock.ts';
import { deferred } from '#shared/base/deferred.ts';
import type { ExecAnswer, ExecRequest, Transport } from '../../transport.ts';
import { Permits } from '../permits.ts';
import { localExec } from './local-exec.ts';
import { localFetch, localManifest, localUpload } from './local-files.ts';

const never = new AbortController().signal;

/** A hundred shells at once only hinder each other; too few leave a busy machine's turns to others. */
const commandsAtOnce = 16 * availableParallelism();

/** This machine: child processes and its file system, without a detour. */
export class LocalTransport implements Transport {
  readonly type = 'core.local';
  readonly #environment: NodeJS.ProcessEnv;
  readonly #clock: Clock;
  readonly #permits = new Permits(commandsAtOnce);
  #lastTurn: Promise<void> = Promise.resolve();
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

  async exec(request: ExecRequest): Promise<ExecAnswer> {
    await this.#permits.acquire(request.signal ?? never);
    try {
      // Starting a process holds the main thread while its page tables are copied: one for each turn of the event loop.
      await this.#turn();
      return await localExec(request, this.#environment, this.#clock);
    } finally {
      this.#permits.release();
    }
  }

  #turn(): Promise<void> {
    this.#lastTurn = this.#lastTurn.then(() => immediate());
    return this.#lastTurn;
  }

  close(): void {
    this.#closed.resolve(new Error('closed'));
  }
}
