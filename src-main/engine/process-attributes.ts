/** What a process node is made of when it begins, and AiiDA's hash of it. */
import type { CacheChoice } from '#shared/process/caching-rules.ts';
import { jobFiles, type JobOptions } from '#shared/process/job-options.ts';
import type { ProcessKind, ProcessSpec } from '#shared/process/ports.ts';
import { processHash } from '#shared/provenance/hash/node-hash.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import { treeOf, type RepositoryTree } from '#shared/provenance/repository-tree.ts';
import type { EngineDeps } from './deps.ts';

type Attributes = { readonly [key: string]: PyJson };
type Deps = Pick<EngineDeps, 'coreVersion' | 'plugins'>;

const emptyTree = treeOf([]);

/** Where AiiDA keeps the source of its process functions. */
const sourceFile = 'source_file';

export const nodeTypes: Readonly<Record<ProcessKind, string>> = {
  'calculation-job': NodeType.calcJob,
  'calculation-function': NodeType.calcFunction,
  workflow: NodeType.workChain,
};

/**
 * The text of its code is part of what a process is: other code is no equal calculation. A function and a workflow have
 * it as a file, as in AiiDA; the files of a job are made later and are not hashed, so it names the text where AiiDA
 * names the version that its author counts up by hand (`cache_version`, aiida-core 2.9, `calcjobs/calcjob.py`).
 */
export function codeOf(
  { plugins }: Pick<EngineDeps, 'plugins'>,
  spec: ProcessSpec,
): { readonly repository: RepositoryTree; readonly attributes: Attributes } {
  const source = plugins.source?.(spec.id) ?? null;
  if (source === null) return { repository: emptyTree, attributes: {} };
  return spec.kind === 'calculation-job'
    ? { repository: emptyTree, attributes: { cache_version: { source: source.hash } } }
    : { repository: treeOf([[sourceFile, source.hash]]), attributes: {} };
}

/** Attributes of a new process as AiiDA names them. @param options null for what is no job */
export function attributesOf(
  deps: Deps,
  spec: ProcessSpec,
  options: JobOptions | null,
  caching: CacheChoice,
): Attributes {
  const common = {
    version: { core: deps.coreVersion, plugin: spec.version },
    ...codeOf(deps, spec).attributes,
    process_label: spec.label,
    process_state: spec.kind === 'calculation-job' ? 'created' : 'running',
    sealed: false,
  };
  // as AiiDA notes it; no part of the hash
  const disabled: { readonly [key: string]: PyJson } = caching === 'no' ? { disable_cache: true } : {};
  if (options === null) {
    return caching === 'no' ? { ...common, metadata_inputs: { metadata: disabled } } : common;
  }
  const { additional_retrieve_list: more, ...flat } = options;
  const set = Object.fromEntries(Object.entries(flat).filter(([, value]) => value !== undefined));
  return {
    ...common,
    ...(set as { readonly [key: string]: PyJson }),
    ...(more.length > 0 ? { additional_retrieve_list: more } : {}),
    parser_name: spec.id,
    submit_script_filename: jobFiles.submitScript,
    scheduler_stdout: jobFiles.schedulerStdout,
    scheduler_stderr: jobFiles.schedulerStderr,
    metadata_inputs: { metadata: { options: set as { readonly [key: string]: PyJson }, ...disabled } },
  };
}

/**
 * AiiDA's hash of a process before it is launched.
 * @param inputs hashes by the labels of the links
 * @param more attributes that this launch has besides
 */
export function launchHash(
  deps: Deps,
  spec: ProcessSpec,
  job: { readonly computer: Uuid; readonly options: JobOptions } | null,
  inputs: Readonly<Record<string, string>>,
  more: Attributes = {},
): string {
  const attributes = { ...attributesOf(deps, spec, job?.options ?? null, 'profile'), ...more };
  const { repository } = codeOf(deps, spec);
  const nodeType = nodeTypes[spec.kind];
  return processHash({ nodeType, attributes, repository, computer: job?.computer ?? null }, inputs);
}
