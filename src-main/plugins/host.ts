import { errorInfo } from '#shared/base/errors.ts';
import type { ObjectStore, PluginHost, ProcessSource } from '../engine/ports.ts';
import { defaultLimits, type PluginLimits } from './limits.ts';
import type { Prepared, Task, TaskResult, Validated } from './protocol.ts';
import { TaskPool } from './task-pool.ts';
import type { PluginCatalog } from './worker-thread.ts';
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
  const catalog = await pool.catalog();
  const encoder = new TextEncoder();
  const problems = [...catalog.problems];
  // stored before any run can name them
  const texts = catalog.sources.map(([, text]) => encoder.encode(text));
  const stored = await objects.putMany(texts).catch((error: unknown) => {
    problems.push(`The texts of the processes are not kept with their runs: ${errorInfo(error).message}`);
    return [];
  });
  const sources = new Map<string, ProcessSource>();
  for (const [at, [plugin, text]] of catalog.sources.entries()) {
    const hash = stored[at]?.hash;
    if (hash !== undefined) sources.set(plugin, { text, hash });
  }
  return makeHost({ ...catalog, problems }, sources, limits, pool, workflows);
}

function makeHost(
  { specs, problems }: PluginCatalog,
  sources: ReadonlyMap<string, ProcessSource>,
  limits: PluginLimits,
  pool: TaskPool,
  workflows: WorkflowThread,
): OpenPluginHost {
  const run = <Result>(task: Task, limitMs: number, signal: AbortSignal): Promise<Result> =>
    pool.run(task, limitMs, signal) as Promise<Result & TaskResult>;
  return {
    problems,
    specs: () => specs,
    source: (plugin) => sources.get(plugin) ?? null,
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
