import type { LaunchRequestInput } from '#shared/contract/areas/launch.ts';
import { className, NodeType } from '#shared/provenance/node-types.ts';
import type { ValueType } from '#shared/process/ports.ts';

export interface StoredInput {
  readonly label: string;
  readonly words: string;
  readonly isNew: boolean;
}

const newTypes: Partial<Record<ValueType, string>> = {
  int: NodeType.int,
  float: NodeType.float,
  bool: NodeType.bool,
  str: NodeType.str,
  list: NodeType.list,
  dict: NodeType.dict,
};

/** What a launch will link to the process: the nodes it makes, and those that are there already. */
export function storedInputs(
  inputs: LaunchRequestInput['inputs'],
  nameOf: (uuid: string) => string,
): readonly StoredInput[] {
  return Object.entries(inputs).map(([label, input]): StoredInput => {
    switch (input.kind) {
      case 'node':
        return { label, words: nameOf(input.uuid), isNew: false };
      case 'value':
        return {
          label,
          words: `${className(newTypes[input.type] ?? input.type)} ${short(JSON.stringify(input.value))}`,
          isNew: true,
        };
      case 'json':
        return {
          label,
          words: `${input.text.trim().startsWith('[') ? 'List' : 'Dict'} ${short(input.text)}`,
          isNew: true,
        };
      case 'file':
        return { label, words: `SinglefileData ${input.name}`, isNew: true };
      case 'chosen':
        return {
          label,
          words: input.as === 'file' ? 'SinglefileData' : `FolderData of ${input.files.length} files`,
          isNew: true,
        };
    }
  });
}

const short = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};
