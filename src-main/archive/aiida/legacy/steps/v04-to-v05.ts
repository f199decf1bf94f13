import type { Step } from '../step.ts';

/** Columns that AiiDA 1.0 gave up. */
export const v04ToV05: Step = {
  from: '0.4',
  node: (node) => ({ ...node, row: node.row.without('nodeversion', 'public') }),
  computer: (row) => row.without('transport_params'),
};
