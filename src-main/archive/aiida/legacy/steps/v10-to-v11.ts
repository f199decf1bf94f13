import type { ObjectText } from '../object-text.ts';
import type { Step } from '../step.ts';

/**
 * Computers have a label instead of a name. Development versions of AiiDA 1.5 wrote the old field under the new version,
 * so `withLabel` is asked once more at the end.
 */
export const v10ToV11: Step = { from: '0.10', computer: withLabel };

/** A row of a computer with `label`; one that has it already comes back as it is. */
export function withLabel(row: ObjectText): ObjectText {
  return row.has('label') ? row : row.renamed('name', 'label');
}
