import type { NodeId } from '#shared/provenance/ids.ts';
import { filesOf } from '#shared/provenance/repository-tree.ts';
import type { ComputerBook } from './deps.ts';
import type { EngineReads, NodeForPlugin, NodeRecord, PluginInputs } from './ports.ts';

/** A stored node as it crosses to plugin code: files by their hashes, attributes as JSON text. */
export function forPlugin(node: NodeRecord, computers: ComputerBook): NodeForPlugin {
  return {
    uuid: node.uuid,
    nodeType: node.nodeType,
    label: node.label,
    attributes: node.attributes,
    files: [...filesOf(node.repository)],
    computer: node.computer === null ? null : computers.uuidOf(node.computer),
  };
}

/** The inputs of a process, by link label. */
export function inputsOf(tx: EngineReads, process: NodeId, computers: ComputerBook): PluginInputs {
  const inputs: Record<string, NodeForPlugin> = {};
  for (const link of tx.incoming(process)) {
    if (link.type !== 'input_calc' && link.type !== 'input_work') continue;
    const node = tx.node(link.source);
    if (node !== null) inputs[link.label] = forPlugin(node, computers);
  }
  return inputs;
}

/** The outputs of a process, by link label. */
export function outputsOf(tx: EngineReads, process: NodeId, computers: ComputerBook): PluginInputs {
  const outputs: Record<string, NodeForPlugin> = {};
  for (const link of tx.outgoing(process)) {
    if (link.type !== 'create' && link.type !== 'return') continue;
    const node = tx.node(link.target);
    if (node !== null) outputs[link.label] = forPlugin(node, computers);
  }
  return outputs;
}
