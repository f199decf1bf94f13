import type { CifValue } from './blocks.ts';
import { cifError } from './cif-error.ts';

/**
 * A number with or without its standard uncertainty: `5.4310(2)` is 5.431. Null where the file says that there is none.
 * @throws StemmaError `cif-bad` with the line
 */
export function cifNumber({ text, line }: CifValue): number | null {
  if (text === null) return null;
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:\(\d+\))?$/.exec(text.trim());
  if (found === null) throw cifError(line, `“${text.slice(0, 40)}” is no number`);
  return Number(found[1]);
}
