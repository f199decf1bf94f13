import type { Port, ValueType } from '#shared/process/ports.ts';

/** How a new value is written. `number` is an Int or a Float, by how it is spelled: `2` or `2.0`. */
export const editors = ['number', 'int', 'float', 'bool', 'str', 'list', 'dict', 'file', 'folder'] as const;
export type Editor = (typeof editors)[number];

export const editorWords: Readonly<Record<Editor, string>> = {
  number: 'Number',
  int: 'Integer',
  float: 'Float',
  bool: 'Yes or no',
  str: 'Text',
  list: 'List',
  dict: 'Dictionary',
  file: 'File',
  folder: 'Folder',
};

const anything: readonly Editor[] = ['number', 'str', 'bool', 'list', 'dict', 'file', 'folder'];

/** The ways to write a new value for a port, the likeliest first; none for what only a stored node can be. */
export function editorsOf({ types }: Pick<Port, 'types'>): readonly Editor[] {
  if (types.includes('data')) return anything;
  const isNumber = types.includes('int') && types.includes('float');
  return editors.filter((editor) => {
    if (editor === 'number') return isNumber;
    if (isNumber && (editor === 'int' || editor === 'float')) return false;
    return types.includes(editor);
  });
}

const shortWords: Readonly<Record<ValueType, string>> = {
  int: 'integer',
  float: 'float',
  bool: 'yes or no',
  str: 'text',
  list: 'list',
  dict: 'dictionary',
  file: 'file',
  folder: 'folder',
  remote: 'remote folder',
  structure: 'structure',
  array: 'array',
  code: 'code',
  data: 'any data',
};

/** What a port takes, for a small label: `number`, `file or folder`. */
export function typeWords(types: readonly ValueType[]): string {
  const isNumber = types.includes('int') && types.includes('float');
  const rest = types.filter((type) => !isNumber || (type !== 'int' && type !== 'float'));
  return [...(isNumber ? ['number'] : []), ...rest.map((type) => shortWords[type])].join(' or ');
}
