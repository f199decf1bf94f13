import { readPyJson, toPlain, type PlainJson } from '../provenance/python-json.ts';
import { limitProblem, wordsOf } from './check-value.ts';
import type { Port } from './ports.ts';
import { acceptsNode, valueTypeOf } from './value-types.ts';

/** What is wrong with a data node for a port: its type, or a value beyond the limits. Null where nothing is. */
export function nodeProblem(port: Port, nodeType: string, attributes: string): string | null {
  if (!acceptsNode(port.types, nodeType)) return `Must be ${wordsOf(port.types)}.`;
  // most ports have no limits, and attributes may be long
  if (Object.values(port.limits ?? {}).every((limit) => limit === undefined)) return null;
  const value = plainValue(nodeType, attributes);
  return value === undefined ? null : limitProblem(port, value);
}

/** Of data that a limit can be about; undefined of any other. */
function plainValue(nodeType: string, attributes: string): PlainJson | undefined {
  switch (valueTypeOf(nodeType)) {
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
      return (toPlain(readPyJson(attributes)) as { readonly value?: PlainJson }).value;
    default:
      return undefined;
  }
}
