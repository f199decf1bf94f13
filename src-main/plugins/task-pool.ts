import { deferred, type Deferred } from '#shared/base/deferred.ts';
import { StemmaError } from '#shared/base/errors.ts';
import type { ObjectStore } from '../engine/ports.ts';
import type { PluginLimits } from './limits.ts';
import type { Task, TaskResult } from './protocol.ts';
import { PluginThread, type PluginCatalog } from './worker-thread.ts';

interface Waiting {
  readonly task: Task;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly result: Deferred<TaskResult>;
}

interface Seat {
  thread: PluginThread;
  current: (Waiting & { readonly id: number; timer?: NodeJS.Timeout }) | null;
}

/**
 * Threads that run one task each at a time, so that a task which never returns is known and is stopped alone. Tasks
 * wait in the order in which they came; their time begins when they do, which is after a new thread has loaded its
 * modules.
 */
export class TaskPool {
  readonly #modules: readonly string[];
  readonly #limits: PluginLimits;
  readonly #objects: ObjectStore;
  readonly #seats: Seat[];
  readonly #queue: Waiting[] = [];
  #nextId = 1;
  #closed = false;

  constructor(size: number, modules: readonly string[], limits: PluginLimits, objects: ObjectStore) {
    this.#modules = modules;
    this.#limits = limits;
    this.#objects = objects;
    this.#seats = Array.from({ length: size }, () => {
      const seat: Seat = { thread: this.#thread(), current: null };
      this.#listen(seat);
      return seat;
    });
  }

  /** What the modules define. @throws where a thread cannot start at all */
  async catalog(): Promise<PluginCatalog> {
    const [first] = this.#seats;
    if (first === undefined) throw new Error('A pool without threads');
    return first.thread.ready;
  }

  run(task: Task, limitMs: number, signal: AbortSignal): Promise<TaskResult> {
    const waiting: Waiting = { task, limitMs, signal, result: deferred<TaskResult>() };
    const onAbort = (): void => this.#abort(waiting);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) waiting.result.reject(signal.reason);
    else {
      this.#queue.push(waiting);
      this.#next();
    }
    return waiting.result.promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const seat of this.#seats) if (seat.current !== null) clearTimeout(seat.current.timer);
    await Promise.all(this.#seats.map((seat) => seat.thread.end()));
  }

  #thread(): PluginThread {
    return new PluginThread(this.#modules, this.#limits.memoryMb, this.#objects);
  }

  #listen(seat: Seat): void {
    const { thread } = seat;
    thread.onMessage = (message) => {
      if (message.kind === 'result' && seat.current?.id === message.id) this.#finish(seat, message.result);
    };
    thread.onDeath = (death) => this.#replace(seat, { kind: 'stopped', ...death });
  }

  #next(): void {
    for (const seat of this.#seats) {
      if (seat.current !== null || this.#closed) continue;
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      const id = this.#nextId++;
      const seconds = waiting.limitMs / 1000;
      const current: NonNullable<Seat['current']> = { ...waiting, id };
      seat.current = current;
      seat.thread.send({ kind: 'run', id, task: waiting.task });
      const begin = (): void => {
        if (seat.current !== current || this.#closed) return;
        current.timer = setTimeout(() => {
          const message = `The plugin ran for more than ${seconds} s and was stopped.`;
          this.#replace(seat, { kind: 'stopped', why: 'time', message });
        }, waiting.limitMs);
      };
      // a thread that cannot load its modules dies, which is heard elsewhere
      seat.thread.ready.then(begin, () => {});
    }
  }

  #finish(seat: Seat, result: TaskResult): void {
    const { current } = seat;
    if (current === null) return;
    clearTimeout(current.timer);
    seat.current = null;
    if (result.kind === 'core-failed') current.result.reject(new StemmaError(result.error));
    else current.result.resolve(result);
    this.#next();
  }

  /** A thread that cannot be trusted any more goes, and another takes its seat. */
  #replace(seat: Seat, result: TaskResult): void {
    if (this.#closed) return;
    void seat.thread.end();
    seat.thread = this.#thread();
    this.#listen(seat);
    this.#finish(seat, result);
  }

  #abort(waiting: Waiting): void {
    const at = this.#queue.indexOf(waiting);
    if (at >= 0) this.#queue.splice(at, 1);
    waiting.result.reject(waiting.signal.reason);
    const seat = this.#seats.find(({ current }) => current?.result === waiting.result);
    if (seat !== undefined)
      this.#replace(seat, { kind: 'stopped', why: 'crash', message: 'The task was cancelled.' });
  }
}
