import { className } from '../node-types.ts';

/** Modules whose path does not follow from the type of their nodes. */
const elsewhere: Readonly<Record<string, string>> = {
  'data.core.array.ArrayData.': 'data.array.array',
  'data.core.remote.RemoteData.': 'data.remote.base',
  'data.core.remote.stash.RemoteStashData.': 'data.remote.stash.base',
  'data.core.code.Code.': 'data.code.legacy',
  'data.Data.': 'data.data',
  'process.ProcessNode.': 'process.process',
  'process.calculation.CalculationNode.': 'process.calculation.calculation',
  'process.workflow.WorkflowNode.': 'process.workflow.workflow',
};

/** Whether {@link pythonClass} knows the class for sure: one of aiida-core's own. */
export const isCoreType = (nodeType: string): boolean =>
  nodeType.startsWith('data.core.') || nodeType.startsWith('process.') || nodeType === 'data.Data.';

/**
 * `str(node.__class__)` of Python, which AiiDA hashes: `<class 'aiida.orm.nodes.data.int.Int'>` for
 * `data.core.int.Int.`. The module of a class that comes with a plugin of AiiDA cannot be known from its node type;
 * the type itself stands for it.
 */
export function pythonClass(nodeType: string): string {
  const known = classes.get(nodeType);
  if (known !== undefined) return known;
  const text = classOf(nodeType);
  // as many as there are types, but an archive may hold anything
  if (classes.size < 1000) classes.set(nodeType, text);
  return text;
}
const classes = new Map<string, string>();

function classOf(nodeType: string): string {
  if (!isCoreType(nodeType)) return `<class '${nodeType.replace(/\.$/, '')}'>`;
  const name = className(nodeType);
  const module = elsewhere[nodeType] ?? nodeType.slice(0, -name.length - 2).replace(/^data\.core\./, 'data.');
  return `<class 'aiida.orm.nodes.${module}.${name}'>`;
}
