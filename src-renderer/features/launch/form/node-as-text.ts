import type { NodeDetail } from '#shared/contract/areas/nodes.ts';
import { valueTypeOf } from '#shared/process/value-types.ts';
import { PyFloat, readPyJson, writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import type { Editor } from '../model/editors.ts';

/** What a stored value would be typed as; null for what is no value. */
export function nodeAsText({
  ref,
  attributes,
}: NodeDetail): { readonly editor: Editor; readonly text: string } | null {
  const type = valueTypeOf(ref.nodeType);
  const read = readPyJson(attributes) as { readonly [key: string]: PyJson };
  switch (type) {
    case 'int':
    case 'float':
    case 'bool':
      return { editor: type === 'bool' ? 'bool' : 'number', text: spell(read['value']) };
    case 'str':
      return { editor: 'str', text: typeof read['value'] === 'string' ? read['value'] : '' };
    case 'list':
      return { editor: 'list', text: spell(read['list']) };
    case 'dict':
      return { editor: 'dict', text: pretty(read) };
    case 'file':
    case 'folder':
    case 'remote':
    case 'structure':
    case 'array':
    case 'code':
    case 'data':
      return null;
  }
}

const spell = (value: PyJson | undefined): string => (value === undefined ? '' : writePyJson(value));

/** Keys below each other, without losing that 1.0 is no 1. */
function pretty(value: PyJson, indent = ''): string {
  const inner = `${indent}  `;
  const isPlain =
    typeof value !== 'object' || value === null || value instanceof PyFloat || Array.isArray(value);
  if (isPlain) return writePyJson(value);
  const entries = Object.entries(value as { readonly [key: string]: PyJson });
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${pretty(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
