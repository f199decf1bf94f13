import {
  boolDraft,
  dictDraft,
  floatDraft,
  intDraft,
  listDraft,
  strDraft,
  type DataDraft,
} from '#shared/provenance/data-drafts.ts';
import type { ValueType } from '#shared/process/ports.ts';
import { writePyJson, type PyJson } from '#shared/provenance/python-json.ts';

/** Data without files: as it is made, and ready to be stored. */
export interface LiteralData {
  readonly nodeType: string;
  readonly attributes: string;
  readonly label: string;
  readonly files: readonly [];
}

/** A literal as data. @throws StemmaError where the value cannot be kept: an integer beyond 2^53, a key with a dot */
export function literalData(type: ValueType, value: unknown): LiteralData {
  const draft = draftOf(type, value);
  return { nodeType: draft.nodeType, attributes: writePyJson(draft.attributes), label: '', files: [] };
}

function draftOf(type: ValueType, value: unknown): DataDraft {
  switch (type) {
    case 'int':
      return intDraft(value as number);
    case 'float':
      return floatDraft(value as number);
    case 'bool':
      return boolDraft(value as boolean);
    case 'str':
      return strDraft(value as string);
    case 'list':
      return listDraft(value as PyJson[]);
    case 'dict':
      return dictDraft(value as Record<string, PyJson>);
    case 'file':
    case 'folder':
    case 'remote':
    case 'structure':
    case 'array':
    case 'code':
    case 'data':
      throw new Error(`A ${type} cannot be written as a literal`);
  }
}

/** The type under which a literal is stored: the first of the port's that takes it, an Int before a Float. */
export function literalType(types: readonly ValueType[], value: unknown): ValueType {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && (types.includes('int') || types.includes('data')) ? 'int' : 'float';
  }
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return types.includes('code') && !types.includes('str') ? 'code' : 'str';
  return Array.isArray(value) ? 'list' : 'dict';
}
