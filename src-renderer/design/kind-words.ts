import type { NodeKind } from '#shared/provenance/node-types.ts';

export const kindWords: Readonly<Record<NodeKind, string>> = {
  data: 'Data',
  code: 'Code',
  calculation: 'Calculation',
  workflow: 'Workflow',
  unknown: 'Unknown kind',
};
