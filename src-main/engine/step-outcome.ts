import { ensure } from '#shared/base/assert.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import type { ComputerBook } from './deps.ts';
import { inputsOf, outputsOf } from './plugin-inputs.ts';
import type { EngineReads, WorkflowAnswer } from './ports.ts';

const endState = (state: unknown): 'finished' | 'excepted' | 'killed' =>
  state === 'finished' || state === 'killed' ? state : 'excepted';

/** What the code of a workflow hears of a process that has ended. */
export function stepOutcome(reads: EngineReads, process: NodeId, computers: ComputerBook): WorkflowAnswer {
  const node = ensure(reads.node(process), 'the process of a step');
  const attributes = JSON.parse(node.attributes) as Record<string, unknown>;
  const exitStatus = typeof attributes['exit_status'] === 'number' ? attributes['exit_status'] : null;
  const words = [attributes['exit_message'], attributes['exception'], attributes['process_state']];
  return {
    kind: 'outcome',
    uuid: node.uuid,
    state: endState(attributes['process_state']),
    ok: attributes['process_state'] === 'finished' && exitStatus === 0,
    exitStatus,
    exitMessage: String(words.find((text) => typeof text === 'string') ?? ''),
    inputs: inputsOf(reads, process, computers),
    outputs: outputsOf(reads, process, computers),
  };
}
