import type { ProcessSpec } from '#shared/process/ports.ts';
import type { ObjectStore, PluginHost } from '../engine/ports.ts';
import { defaultLimits, type PluginLimits } from './limits.ts';
import type { Prepared, Task, TaskResult, Validated } from './protocol.ts';
import { TaskPool } from './task-pool.ts';
import { WorkflowThread } from './workflow-thread.ts';

export interface PluginHostOptions {
  readonly objects: ObjectStore;
  /** URLs of modules beyond the built-in ones. Only what a person has switched on: plugin code is code. */
  readonly modules?: readonly string[];
  readonly limits?: Partial<PluginLimits>;
  /** Threads for functions, preparation and parsing. */
  readonly threads?: number;
}

export interface OpenPluginHost extends PluginHost {
  /** Modules that could not be loaded, in words. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** Starts the threads and waits until the modules are loaded. @throws where no thread can start */
export async function openPluginHost(options: PluginHostOptions): Promise<OpenPluginHost> {
  const { objects, modules = [], threads = 2 } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const pool = new TaskPool(threads, modules, limits, objects);
  const workflows = new WorkflowThread(modules, limits, objects);
  const { specs, problems } = await pool.catalog();
  return makeHost(specs, problems, limits, pool, workflows);
}

function makeHost(
  specs: readonly ProcessSpec[],
  problems: readonly string[],
  limits: PluginLimits,
  pool: TaskPool,
  workflows: WorkflowThread,
): OpenPluginHost {
  const run = <Result>(task: Task, limitMs: number, signal: AbortSignal): Promise<Result> =>
    pool.run(task, limitMs, signal) as Promise<Result & TaskResult>;
  return {
    problems,
    specs: () => specs,
    async validate(plugin, inputs, signal) {
      const task = { kind: 'validate', plugin, inputs } as const;
      const result = await run<Validated | { readonly kind: 'threw'; readonly error: string }>(
        task,
        limits.stepMs,
        signal,
      );
      return result.kind === 'validated' ? result.messages : { '': result.error };
    },
    runFunction: (plugin, inputs, signal) =>
      run({ kind: 'function', plugin, inputs }, limits.functionMs, signal),
    prepare: (plugin, inputs, computer, signal) =>
      run<Prepared>({ kind: 'prepare', plugin, inputs, computer }, limits.stepMs, signal),
    parse: (plugin, inputs, retrieved, end, signal) =>
      run({ kind: 'parse', plugin, inputs, retrieved, end }, limits.stepMs, signal),
    runWorkflow: (plugin, inputs, asks, signal, hooks) => workflows.run(plugin, inputs, asks, signal, hooks),
    async close() {
      await Promise.all([pool.close(), workflows.close()]);
    },
  };
}
