import type { Port, ValueType } from './ports.ts';

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a JSON value can become data of that type. */
export function fitsType(type: ValueType, value: unknown): boolean {
  switch (type) {
    case 'int':
      return typeof value === 'number' && Number.isSafeInteger(value);
    case 'float':
      return typeof value === 'number' && Number.isFinite(value);
    case 'bool':
      return typeof value === 'boolean';
    case 'str':
    case 'code':
      return typeof value === 'string';
    case 'list':
      return Array.isArray(value);
    case 'dict':
      return isPlainObject(value);
    case 'file':
    case 'folder':
    case 'remote':
    case 'structure':
    case 'array':
    case 'data':
      return false;
  }
}

const typeWords: Readonly<Record<ValueType, string>> = {
  int: 'an integer',
  float: 'a number',
  bool: 'true or false',
  str: 'text',
  list: 'a list',
  dict: 'a dictionary',
  file: 'a file',
  folder: 'a folder',
  remote: 'a remote folder',
  structure: 'a structure',
  array: 'an array',
  code: 'a code',
  data: 'a data node',
};

/** `an integer or a number` */
export const wordsOf = (types: readonly ValueType[]): string =>
  types.map((type) => typeWords[type]).join(' or ');

/**
 * What is wrong with a literal value for a port, as one sentence for beside the field; null where nothing is. The form
 * calls it while a person types and the core calls it again.
 */
export function valueProblem(port: Port, value: unknown): string | null {
  if (!port.types.includes('data') && !port.types.some((type) => fitsType(type, value))) {
    return `Must be ${wordsOf(port.types)}.`;
  }
  return limitProblem(port, value);
}

/** A value that is of a type of the port, beyond its limits. */
export function limitProblem(port: Port, value: unknown): string | null {
  const { minimum, maximum, pattern, choices } = port.limits ?? {};
  if (choices !== undefined && !choices.includes(value as string | number)) {
    return `Must be one of ${choices.join(', ')}.`;
  }
  if (typeof value === 'number') {
    const unit = port.unit === undefined ? '' : ` ${port.unit}`;
    if (minimum !== undefined && value < minimum) return `Must be at least ${minimum}${unit}.`;
    if (maximum !== undefined && value > maximum) return `Must be at most ${maximum}${unit}.`;
  }
  if (
    typeof value === 'string' &&
    pattern !== undefined &&
    !new RegExp(`^(?:${pattern.source})$`).test(value)
  ) {
    return `Must be ${pattern.words}.`;
  }
  return null;
}
