import { Worker } from 'node:worker_threads';
import { errorInfo } from '#shared/base/errors.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import { entryPoint } from '../isolate/entry-points.ts';
import type { ObjectStore } from '../engine/ports.ts';
import type { FromWorker, ToWorker, WorkerData } from './protocol.ts';

export interface PluginCatalog {
  readonly specs: readonly ProcessSpec[];
  readonly sources: readonly (readonly [plugin: string, text: string])[];
  readonly problems: readonly string[];
}

/** Why a thread ended without being asked to. */
export type Death = { readonly why: 'memory' | 'crash'; readonly message: string };

/** One thread with plugin code in it: loads, reads objects for it, and says when it dies. */
export class PluginThread {
  readonly #worker: Worker;
  readonly #lastSlot = new Int32Array(new SharedArrayBuffer(4));
  readonly ready: Promise<PluginCatalog>;
  onMessage: (message: Exclude<FromWorker, { kind: 'ready' | 'read' }>) => void = () => {};
  onDeath: (death: Death) => void = () => {};
  #ended = false;

  constructor(modules: readonly string[], memoryMb: number, objects: ObjectStore) {
    const workerData: WorkerData = { modules, lastSlot: this.#lastSlot.buffer as SharedArrayBuffer };
    this.#worker = new Worker(entryPoint('plugin-worker'), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      // plugin code gets no environment: it may hold secrets
      env: {},
      stdout: false,
    });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve(message);
        else if (message.kind === 'read') void this.#read(objects, message);
        else this.onMessage(message);
      });
      const die = (death: Death): void => {
        reject(new Error(death.message));
        if (this.#ended) return;
        this.#ended = true;
        this.onDeath(death);
      };
      this.#worker.on('error', (error: Error & { readonly code?: string }) => {
        const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        die(
          memory
            ? {
                why: 'memory',
                message: `The plugin used more than ${memoryMb} MB of memory and was stopped.`,
              }
            : { why: 'crash', message: `The thread of the plugin ended: ${error.message}` },
        );
      });
      this.#worker.on('exit', (code) =>
        die({ why: 'crash', message: `The thread of the plugin ended with code ${code}.` }),
      );
    });
    // who waits for `ready` hears of it; who does not is told by onDeath
    this.ready.catch(() => {});
  }

  /** The slot of the workflow whose code ran last. */
  get lastSlot(): number {
    return Atomics.load(this.#lastSlot, 0);
  }

  send(message: ToWorker): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }

  async #read(objects: ObjectStore, { read, hash }: Extract<FromWorker, { kind: 'read' }>): Promise<void> {
    try {
      this.send({ kind: 'object', read, bytes: await objects.bytes(hash) });
    } catch (error) {
      this.send({ kind: 'no-object', read, error: errorInfo(error) });
    }
  }
}
