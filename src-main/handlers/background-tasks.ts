import { Emitter } from '#shared/base/emitter.ts';
import { errorInfo } from '#shared/base/errors.ts';
import type { HandlerContext } from '#shared/channel/server.ts';
import type { BackgroundTask } from '#shared/contract/areas/app.ts';
import type { Progress } from '#shared/contract/common.ts';

interface Entry {
  task: BackgroundTask;
  readonly abort: AbortController;
}

/** Ended tasks that are still listed. */
const remembered = 20;

/** What takes long and was asked for by a person, for the panel of background tasks. */
export class BackgroundTasks {
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly changes = new Emitter<void>();
  #next = 1;

  constructor(now: () => number) {
    this.#now = now;
  }

  list(): readonly BackgroundTask[] {
    return [...this.#entries.values()].map(({ task }) => task);
  }

  cancel(id: string): void {
    this.#entries.get(id)?.abort.abort();
  }

  /** Follows a stream of progress that a handler makes. Cancelling the task cancels the handler. */
  async *follow<Item>(
    title: string,
    context: HandlerContext,
    run: (context: HandlerContext) => AsyncIterable<Item>,
    progressOf: (item: Item) => Progress | null,
  ): AsyncGenerator<Item> {
    const abort = new AbortController();
    const signal = AbortSignal.any([context.signal, abort.signal]);
    const id = String(this.#next++);
    const started = this.#now();
    const entry: Entry = {
      task: { id, title, state: 'running', progress: null, message: '', started, ended: null },
      abort,
    };
    this.#entries.set(id, entry);
    this.#changed();
    try {
      for await (const item of run({ signal })) {
        const progress = progressOf(item);
        if (progress !== null) this.#set(entry, { progress });
        yield item;
      }
      this.#end(entry, signal.aborted ? 'cancelled' : 'done', '');
    } catch (thrown) {
      this.#end(entry, signal.aborted ? 'cancelled' : 'failed', errorInfo(thrown).message);
      throw thrown;
    } finally {
      // who listened went away in the middle
      if (entry.task.state === 'running') this.#end(entry, 'cancelled', '');
    }
  }

  #set(entry: Entry, change: Partial<BackgroundTask>): void {
    entry.task = { ...entry.task, ...change };
    this.#changed();
  }

  #end(entry: Entry, state: BackgroundTask['state'], message: string): void {
    this.#set(entry, { state, message, ended: this.#now() });
    const ended = [...this.#entries.values()].filter(({ task }) => task.state !== 'running');
    for (const { task } of ended.slice(0, Math.max(0, ended.length - remembered)))
      this.#entries.delete(task.id);
  }

  #changed(): void {
    this.changes.emit();
  }
}
