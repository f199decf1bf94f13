import type { LegacyNode, Step } from '../step.ts';

/**
 * That a process has ended is said by one attribute. One that says it has not could not have been exported, and AiiDA
 * refuses the whole archive for it; here it stays as it is, can be looked at, and stands in the way of an import.
 */
export const v06ToV07: Step = { from: '0.6', node: sealed };

const active: ReadonlySet<string | null> = new Set(['created', 'running', 'waiting']);

function sealed(node: LegacyNode): LegacyNode {
  if (node.row.string('node_type')?.startsWith('process.') !== true) return node;
  if (active.has(node.attributes.string('process_state'))) return node;
  const attributes = node.attributes
    .with('sealed', 'true')
    .without('_sealed', '_finished', '_failed', '_aborted', '_do_abort');
  return { ...node, attributes };
}
