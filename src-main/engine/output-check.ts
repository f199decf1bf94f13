import { coreExitCodes } from '#shared/process/exit-codes.ts';
import { flatPorts, portAt, type ProcessSpec } from '#shared/process/ports.ts';
import { acceptsNode } from '#shared/process/value-types.ts';
import { isLinkLabel } from '#shared/provenance/links.ts';
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
