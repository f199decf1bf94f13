import { coreExitCodes } from '#shared/process/exit-codes.ts';
import { flatPorts, portAt, type ProcessSpec } from '#shared/process/ports.ts';
import { acceptsNode } from '#shared/process/value-types.ts';
import { isLinkLabel } from '#shared/provenance/links.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { WorkflowEnd } from './events.ts';
import type { ExitReason } from './state.ts';

/**
 * What is wrong with the outputs of a process by its own specification: exit 10 for one that it does not allow, exit
 * 11 for a required one that is not there. `made` are outputs that the engine makes itself.
 */
export function outputProblem(
  spec: ProcessSpec,
  outputs: Readonly<Record<string, { readonly nodeType: string }>>,
  made: readonly string[],
): ExitReason | null {
  for (const [label, { nodeType }] of Object.entries(outputs)) {
    const port = portAt(spec.outputs, label);
    const wrong = (why: string): ExitReason => ({
      status: coreExitCodes.invalidOutput.status,
      message: `The output “${label}” ${why}.`,
    });
    if (made.includes(label)) return wrong('has a name that is taken: every job has one of that name');
    if (!isLinkLabel(label)) return wrong('has no valid name');
    if (port === null) return wrong('is not part of the specification');
    if (!acceptsNode(port.types, nodeType)) return wrong(`may not be a ${nodeType}`);
  }
  for (const [label, port] of flatPorts(spec.outputs)) {
    if (port.required && !made.includes(label) && !Object.hasOwn(outputs, label)) {
      return {
        status: coreExitCodes.missingOutput.status,
        message: `The required output “${label}” was not made.`,
      };
    }
  }
  return null;
}

/**
 * The end of a workflow, which is exit 10 with nothing returned where it returned what its specification does not allow.
 * @param nodeType of a stored node; null for one that is not stored, which is refused later
 */
export function checkedEnd(
  spec: ProcessSpec,
  outcome: WorkflowEnd,
  nodeType: (uuid: Uuid) => string | null,
): WorkflowEnd {
  if (outcome.kind !== 'outputs') return outcome;
  const returned = Object.entries(outcome.outputs).flatMap(([label, uuid]) => {
    const type = nodeType(uuid);
    return type === null ? [] : [[label, { nodeType: type }] as const];
  });
  const problem = outputProblem(spec, Object.fromEntries(returned), []);
  if (problem?.status !== coreExitCodes.invalidOutput.status) return outcome;
  return { kind: 'exit', ...problem, outputs: {} };
}
