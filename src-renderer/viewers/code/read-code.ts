import { textOf, type Attributes } from '#renderer/model/attributes.ts';

export interface CodeFacts {
  readonly pairs: readonly { readonly name: string; readonly value: string; readonly mono?: boolean }[];
  /** Lines of bash around the command; only those that there are. */
  readonly texts: readonly { readonly title: string; readonly text: string }[];
}

/** Attributes of the code classes of aiida-core 2.9, and of the one before 2.1. */
const keys: readonly (readonly [key: string, name: string, mono: boolean])[] = [
  ['filepath_executable', 'Executable', true],
  ['remote_exec_path', 'Executable', true],
  ['local_executable', 'Executable', true],
  ['engine_command', 'Container command', true],
  ['image_name', 'Container image', true],
  ['input_plugin', 'Plugin', true],
];

function yesNo(value: unknown, otherwise: string): string {
  if (value === true) return 'yes';
  return value === false ? 'no' : otherwise;
}

/** Attributes that are missing are left out, so that codes of all classes read alike. */
export function readCode(attributes: Attributes): CodeFacts {
  const pairs = keys.flatMap(([key, name, mono]) => {
    const value = textOf(attributes, key);
    return value === '' ? [] : [{ name, value, mono }];
  });
  const texts = [
    { title: 'Before the command', text: textOf(attributes, 'prepend_text') },
    { title: 'After the command', text: textOf(attributes, 'append_text') },
  ];
  return {
    pairs: [
      ...pairs,
      { name: 'With MPI', value: yesNo(attributes['with_mpi'], 'as the calculation says') },
      ...(attributes['use_double_quotes'] === true ? [{ name: 'Quotes', value: 'double quotes' }] : []),
    ],
    texts: texts.filter(({ text }) => text.trim() !== ''),
  };
}
