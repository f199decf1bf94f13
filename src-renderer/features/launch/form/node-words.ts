import { className } from '#shared/provenance/node-types.ts';
import type { PickedNode } from '../model/draft.ts';

type Words = Pick<PickedNode, 'name' | 'summary' | 'nodeType' | 'pk'>;

/** A node in a list of choices: `3`, `relaxed: Si2`, `Dict: 3 keys`. */
export function nodeLabel({ name, summary, nodeType }: Words): string {
  const isNamed = name !== '' && name !== className(nodeType);
  if (summary === '') return name;
  const isValue = /^data\.core\.(int|float|bool|str)\./.test(nodeType);
  return isNamed || !isValue ? `${name}: ${summary}` : summary;
}

/** `Int · pk 12` */
export const nodeHint = ({ nodeType, pk }: Words): string => `${className(nodeType)} · pk ${pk}`;
