import type { Leaving, LeavingNode } from './leaving.ts';

/** How a process ended. */
export interface ProcessFacts {
  /** AiiDA's `process_state`; empty where it is not known. */
  readonly state: string;
  readonly exitStatus: number | null;
  readonly exitMessage: string;
  readonly isFailed: boolean;
  /** In words, for people. */
  readonly words: string;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Of the attributes that AiiDA writes; a process that finished failed where its exit status is not 0. */
export function processFacts(leaving: Leaving, node: LeavingNode): ProcessFacts {
  const attributes = leaving.attributes(node);
  const state = textOf(attributes['process_state']);
  const status = attributes['exit_status'];
  const exitStatus = typeof status === 'number' ? status : null;
  const exitMessage = textOf(attributes['exit_message']) || textOf(attributes['exception']);
  const isFailed =
    state === 'excepted' || state === 'killed' || (state === 'finished' && (exitStatus ?? 0) !== 0);
  const status_ = exitStatus === null || exitStatus === 0 ? '' : ` with exit status ${exitStatus}`;
  const message = exitMessage === '' ? '' : `: ${exitMessage}`;
  return {
    state,
    exitStatus,
    exitMessage,
    isFailed,
    words: `${state === '' ? 'ended' : state}${status_}${message}`,
  };
}

/** What a process is an execution of: the plugin's or function's name; runs of the same have the same. */
export const definitionOf = (node: LeavingNode): string =>
  node.processType || node.processLabel || node.nodeType;
