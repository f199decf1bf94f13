import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { InputOf, OutputOf } from '#shared/contract/define.ts';
import type { Core } from './core.svelte.ts';

/** The tasks of the contract that tell their progress and end with a result. */
type TaskName =
  | 'archives.import'
  | 'archives.export'
  | 'archives.look'
  | 'archives.previewAnonymous'
  | 'waysOut.write'
  | 'storage.delete'
  | 'storage.restore'
  | 'storage.forget'
  | 'storage.report'
  | 'storage.free'
  | 'purges.purge'
  | 'purges.restore'
  | 'purges.forget';
export type TaskResult<Name extends TaskName> = Extract<OutputOf<Contract[Name]>, { readonly kind: 'done' }>;

type Phase<Name extends TaskName> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly result: TaskResult<Name> }
  | { readonly kind: 'failed'; readonly error: ErrorInfo };

const beginning: Progress = { done: 0, total: null, unit: 'steps', words: '' };

/** One long task of the core at a time: its progress, its end, and a way to cancel it. It outlives the page that starts it. */
export class TaskRun<Name extends TaskName> {
  readonly #core: Core;
  readonly #name: Name;
  #abort: AbortController | null = null;
  #phase: Phase<Name> = $state.raw({ kind: 'idle' });

  constructor(core: Core, name: Name) {
    this.#core = core;
    this.#name = name;
  }

  get phase(): Phase<Name> {
    return this.#phase;
  }

  get progress(): Progress | null {
    return this.#phase.kind === 'running' ? this.#phase.progress : null;
  }

  get error(): ErrorInfo | null {
    return this.#phase.kind === 'failed' ? this.#phase.error : null;
  }

  get result(): TaskResult<Name> | null {
    return this.#phase.kind === 'done' ? this.#phase.result : null;
  }

  get busy(): boolean {
    return this.#phase.kind === 'running';
  }

  /**
   * @param input made after the task counts as begun: it may ask the core itself
   * @returns null when it was cancelled, or failed (the reason is then in `error`), or another runs
   */
  async start(
    input: (signal: AbortSignal) => Promise<InputOf<Contract[Name]>>,
  ): Promise<TaskResult<Name> | null> {
    if (this.busy) return null;
    const abort = new AbortController();
    this.#abort = abort;
    this.#phase = { kind: 'running', progress: beginning };
    try {
      const result = await this.#follow(await input(abort.signal), abort.signal);
      this.#phase = { kind: 'done', result };
      return result;
    } catch (thrown) {
      const error = errorInfo(thrown);
      this.#phase = error.code === 'cancelled' ? { kind: 'idle' } : { kind: 'failed', error };
      return null;
    }
  }

  async #follow(input: InputOf<Contract[Name]>, signal: AbortSignal): Promise<TaskResult<Name>> {
    for await (const item of this.#core.listen(this.#name, input, signal)) {
      const told = item as OutputOf<Contract[TaskName]>;
      if (told.kind === 'done') return told as TaskResult<Name>;
      this.#phase = { kind: 'running', progress: told.progress };
    }
    // The stream ended without a result: that happens only when it was cancelled, here or in the panel of tasks.
    throw new DOMException('cancelled', 'AbortError');
  }

  cancel(): void {
    this.#abort?.abort();
  }

  /** Forgets how the last one ended. */
  clear(): void {
    if (!this.busy) this.#phase = { kind: 'idle' };
  }
}
