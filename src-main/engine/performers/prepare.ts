import { ensure } from '#shared/base/assert.ts';
import { jobFiles, jobOptions, type JobOptions } from '#shared/process/job-options.ts';
import type { ObjectHash, Uuid } from '#shared/provenance/ids.ts';
import type { EngineDeps } from '../deps.ts';
import type { EngineEvent } from '../events.ts';
import type { JobFile, PluginInputs, PreparedCalculation } from '../ports.ts';
import type { JobState } from '../state.ts';

/** A calculation with its job script, before anything is stored. */
export interface PlannedJob {
  readonly script: string;
  readonly calculation: PreparedCalculation;
  readonly retrieve: readonly string[];
}

/** Files that come back with every job: what the scheduler wrote. */
const always = [jobFiles.schedulerStdout, jobFiles.schedulerStderr];

/** Plugin code prepares, the computer's scheduler gets its script. The preview and the real thing both come from here. */
export async function planJob(
  deps: Pick<EngineDeps, 'plugins' | 'computers'>,
  request: {
    readonly plugin: string;
    readonly inputs: PluginInputs;
    readonly computer: Uuid;
    readonly options: JobOptions;
  },
  signal: AbortSignal,
): Promise<
  | { readonly kind: 'planned'; readonly job: PlannedJob }
  | { readonly kind: 'threw'; readonly error: string; readonly stack: string }
> {
  const { plugin, inputs, computer, options } = request;
  const prepared = await deps.plugins.prepare(plugin, inputs, computer, signal);
  if (prepared.kind === 'threw') return prepared;
  if (prepared.kind === 'stopped') return { kind: 'threw', error: prepared.message, stack: prepared.message };
  const { calculation } = prepared;
  const codes = Object.values(inputs).filter((node) => node.nodeType.startsWith('data.core.code.'));
  const script = deps.computers.script({ computer, options, calculation, codes });
  const retrieve = [...new Set([...calculation.retrieve, ...options.additional_retrieve_list, ...always])];
  return { kind: 'planned', job: { script, calculation, retrieve } };
}

/** Stores what the plugin made before the event names it, so that no node refers to a file that is not there. */
export async function prepare(
  deps: EngineDeps,
  state: JobState,
  inputs: PluginInputs,
  signal: AbortSignal,
): Promise<EngineEvent> {
  const options = jobOptions.parse(JSON.parse(state.options));
  const planned = await planJob(
    deps,
    { plugin: state.plugin, inputs, computer: state.computer, options },
    signal,
  );
  if (planned.kind === 'threw') return { kind: 'ran', outcome: planned };
  const { script, calculation, retrieve } = planned.job;

  const kept = [
    { path: jobFiles.submitScript, content: new TextEncoder().encode(script) },
    ...calculation.files,
  ];
  const copied = calculation.localCopies;
  const fresh = [
    ...kept.map((file) => file.content),
    ...copied.map((copy) => copy.content).filter((c) => typeof c !== 'string'),
  ];
  const stored = await deps.objects.putMany(fresh);
  let next = 0;
  const take = (): { readonly hash: ObjectHash; readonly size: number } => {
    const object = stored[next++];
    if (object === undefined) throw new Error('The repository answered for fewer objects than it was given');
    return object;
  };

  const files: JobFile[] = kept.map(({ path }) => ({ path, ...take(), executable: false }));
  const own = files.map((file) => [file.path, file.hash] as const);
  const sizes = await sizesOf(
    deps.objects,
    copied.map(({ content }) => content).filter((content) => typeof content === 'string'),
  );
  for (const { content, to } of copied) {
    const object =
      typeof content === 'string' ? { hash: content, size: ensure(sizes.get(content), 'its size') } : take();
    files.push({ path: to, ...object, executable: false });
  }
  return {
    kind: 'prepared',
    plan: {
      files,
      remoteCopies: calculation.remoteCopies,
      remoteSymlinks: calculation.remoteSymlinks,
      script: jobFiles.submitScript,
    },
    retrieve,
    inputs: own,
  };
}

/** Of files that may be larger than the memory, so none is read. @throws StemmaError `object-missing` */
async function sizesOf(
  objects: EngineDeps['objects'],
  hashes: readonly ObjectHash[],
): Promise<ReadonlyMap<ObjectHash, number>> {
  const sizes = new Map<ObjectHash, number>();
  const found = await objects.sizes(hashes);
  for (const [index, hash] of hashes.entries()) {
    // what is not there says so itself
    sizes.set(hash, found[index] ?? (await objects.bytes(hash)).length);
  }
  return sizes;
}
