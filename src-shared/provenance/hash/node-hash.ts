/**
 * What AiiDA hashes of a node (aiida-core 2.6 to 2.9, `orm/nodes/caching.py`, `process/process.py`,
 * `process/calculation/calcjob.py`); see docs/caching.md for all of it in words.
 */
import { isProcessType, NodeType } from '../node-types.ts';
import type { PyJson } from '../python-json.ts';
import type { RepositoryTree } from '../repository-tree.ts';
import { filesOf } from '../repository-tree.ts';
import { emptyRepository, makeHash } from './make-hash.ts';
import { pythonClass } from './python-class.ts';

/** What of a node is hashed. `computer` is its UUID, or null. */
export interface HashedNode {
  readonly nodeType: string;
  readonly attributes: { readonly [key: string]: PyJson };
  readonly repository: RepositoryTree;
  readonly computer: string | null;
}

/** Attributes of a process that change while it runs, and what a launch was called with. */
const ofProcesses = [
  'sealed',
  'paused',
  'checkpoints',
  'exception',
  'exit_message',
  'exit_status',
  'process_label',
  'process_state',
  'process_status',
  'metadata_inputs',
];

/** The same of a calculation job, and what changes how it waits but not what it computes. */
const ofJobs = [
  'state',
  'imported',
  'remote_workdir',
  'retrieve_list',
  'retrieve_temporary_list',
  'job_id',
  'scheduler_state',
  'scheduler_lastchecktime',
  'last_job_info',
  'detailed_job_info',
  'queue_name',
  'account',
  'qos',
  'priority',
  'max_wallclock_seconds',
  'max_memory_kb',
  'version',
  // what may end a job early changes no result that counts as one
  'stop_rules',
  'stopped_by',
];

const nothing: ReadonlySet<string> = new Set();
const process: ReadonlySet<string> = new Set(ofProcesses);
const job: ReadonlySet<string> = new Set([...ofProcesses, ...ofJobs]);
const workChain: ReadonlySet<string> = new Set([...ofProcesses, 'stepper_state_info']);

/** The names of attributes that are no part of the hash. */
export function unhashedAttributes(nodeType: string): ReadonlySet<string> {
  if (!isProcessType(nodeType)) return nothing;
  if (nodeType === NodeType.calcJob) return job;
  return nodeType === NodeType.workChain ? workChain : process;
}

function hashedAttributes({ nodeType, attributes }: HashedNode): { readonly [key: string]: PyJson } {
  const without = unhashedAttributes(nodeType);
  if (without.size === 0) return attributes;
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !without.has(name)));
}

/**
 * AiiDA walks a repository from its leaves up and puts the folders of each folder under one key, so the folders of the
 * root are what is left there at the end; the files have their paths.
 */
export function repositoryHash(tree: RepositoryTree): string {
  if (tree.children.size === 0) return emptyRepository;
  const folders = [...tree.children].filter(([, child]) => child.kind === 'directory').map(([name]) => name);
  const objects = Object.create(null) as Record<string, PyJson>;
  objects['__dirnames__'] = folders;
  for (const [path, hash] of filesOf(tree)) objects[path] = hash;
  return makeHash(objects);
}

/** AiiDA's hash of a data node: 64 hexadecimal digits. */
export function dataHash(node: HashedNode): string {
  return makeHash({
    class: pythonClass(node.nodeType),
    attributes: node.attributes,
    repository_hash: repositoryHash(node.repository),
    computer_uuid: node.computer,
  });
}

/** @param inputs hash of each input by the label of its link; null where AiiDA could not hash it */
export function processHash(node: HashedNode, inputs: Readonly<Record<string, string | null>>): string {
  return makeHash({
    class: pythonClass(node.nodeType),
    attributes: hashedAttributes(node),
    // the files of a job are made after its hash
    ...(node.nodeType !== NodeType.calcJob && { repository_hash: repositoryHash(node.repository) }),
    computer_uuid: node.computer,
    inputs,
  });
}
