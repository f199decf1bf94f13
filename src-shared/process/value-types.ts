import { isDataType } from '../provenance/node-types.ts';
import type { ValueType } from './ports.ts';

/** The node types (by prefix, so that subclasses fit) that a value type takes; `data` takes every one. */
const prefixes: Readonly<Record<ValueType, readonly string[]>> = {
  int: ['data.core.int.'],
  float: ['data.core.float.'],
  bool: ['data.core.bool.'],
  str: ['data.core.str.'],
  list: ['data.core.list.'],
  dict: ['data.core.dict.'],
  file: ['data.core.singlefile.', 'data.core.cif.', 'data.core.upf.'],
  folder: ['data.core.folder.'],
  remote: ['data.core.remote.'],
  structure: ['data.core.structure.'],
  array: ['data.core.array.'],
  code: ['data.core.code.'],
  data: ['data.'],
};

/** Whether a port of these types takes a node of that type. */
export function acceptsNode(types: readonly ValueType[], nodeType: string): boolean {
  if (!isDataType(nodeType)) return false;
  return types.some((type) => prefixes[type].some((prefix) => nodeType.startsWith(prefix)));
}

/** The beginnings of the node types that a port takes, for a search. */
export const typePrefixes = (types: readonly ValueType[]): readonly string[] =>
  types.includes('data') ? prefixes.data : [...new Set(types.flatMap((type) => prefixes[type]))];

/** The most specific value type of a node type. */
export function valueTypeOf(nodeType: string): ValueType {
  for (const type of Object.keys(prefixes) as ValueType[]) {
    if (type !== 'data' && acceptsNode([type], nodeType)) return type;
  }
  return 'data';
}
