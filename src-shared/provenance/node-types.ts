/**
 * AiiDA's node types: dotted, with a trailing dot, subclasses by prefix (`data.core.array.` holds
 * `data.core.array.bands.BandsData.`). Source: aiida-core 2.9, `orm/utils/node.py` and the entry points it registers.
 */
export const NodeType = {
  calcJob: 'process.calculation.calcjob.CalcJobNode.',
  calcFunction: 'process.calculation.calcfunction.CalcFunctionNode.',
  workChain: 'process.workflow.workchain.WorkChainNode.',
  workFunction: 'process.workflow.workfunction.WorkFunctionNode.',
  int: 'data.core.int.Int.',
  float: 'data.core.float.Float.',
  bool: 'data.core.bool.Bool.',
  str: 'data.core.str.Str.',
  list: 'data.core.list.List.',
  dict: 'data.core.dict.Dict.',
  singleFile: 'data.core.singlefile.SinglefileData.',
  folder: 'data.core.folder.FolderData.',
  remote: 'data.core.remote.RemoteData.',
  installedCode: 'data.core.code.installed.InstalledCode.',
  structure: 'data.core.structure.StructureData.',
  array: 'data.core.array.ArrayData.',
} as const;

/** What a node is in the graph; each kind has its own shape and colour on screen. */
export type NodeKind = 'data' | 'code' | 'calculation' | 'workflow' | 'unknown';

export const nodeKinds = ['data', 'code', 'calculation', 'workflow', 'unknown'] as const satisfies NodeKind[];

/** The kind of a node from its type; a plugin's own types fall into place by prefix. */
export function nodeKind(nodeType: string): NodeKind {
  if (nodeType.startsWith('process.calculation.')) return 'calculation';
  if (nodeType.startsWith('process.workflow.')) return 'workflow';
  if (nodeType.startsWith('data.core.code.') || nodeType.startsWith('data.code.')) return 'code';
  if (nodeType.startsWith('data.')) return 'data';
  return 'unknown';
}

/** Of a calculation or a workflow, by prefix; a plugin's own class counts too. */
export const isProcessType = (nodeType: string): boolean => nodeType.startsWith('process.');

/** Codes count as data here; the empty type of very old archives does not. */
export const isDataType = (nodeType: string): boolean => nodeType.startsWith('data.');

/** The class name at the end: `data.core.int.Int.` gives `Int`. Empty types (very old archives) give `Node`. */
export function className(nodeType: string): string {
  const parts = nodeType.split('.').filter((part) => part !== '');
  return parts.at(-1) ?? 'Node';
}
