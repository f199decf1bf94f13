import type { Matrix, Vector } from '../cell.ts';
import { cifError } from './cif-error.ts';

/** What becomes of a place (x, y, z along a, b, c): rows of `turn` times it, plus `shift`. */
export interface SymmetryOperation {
  readonly turn: Matrix;
  readonly shift: Vector;
}

export const identity: SymmetryOperation = {
  turn: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  shift: [0, 0, 0],
};

/**
 * An operation such as `-y, x-y, z+1/3`. Source: the core dictionary of the IUCr, `_space_group_symop_operation_xyz`.
 * @throws StemmaError `cif-bad` with the line
 */
export function readOperation(text: string, line: number): SymmetryOperation {
  const parts = text.replaceAll(/\s/g, '').toLowerCase().split(',');
  const rows = parts.map((part) => readRow(part));
  const [x, y, z] = rows;
  if (rows.length !== 3 || !x || !y || !z) throw cifError(line, `“${text}” is no symmetry operation`);
  return { turn: [x.row, y.row, z.row], shift: [x.shift, y.shift, z.shift] };
}

function readRow(text: string): { readonly row: Vector; readonly shift: number } | null {
  // terms with their signs: `x`, `-y`, `+1/2`, `0.25`, `2x`
  const terms = text.match(/[+-]?[^+-]+/g);
  if (terms === null || terms.join('') !== text) return null;
  const row = [0, 0, 0];
  let shift = 0;
  for (const term of terms) {
    const found = /^([+-]?)(\d*\.?\d*)(?:\/(\d+))?\*?([xyz]?)$/.exec(term);
    if (found === null) return null;
    const [, sign, digits = '', divisor, letter = ''] = found;
    if (digits === '' && (letter === '' || divisor !== undefined)) return null;
    const size = (digits === '' ? 1 : Number(digits)) / (divisor === undefined ? 1 : Number(divisor));
    if (!Number.isFinite(size)) return null;
    const value = sign === '-' ? -size : size;
    const at = letter === '' ? -1 : 'xyz'.indexOf(letter);
    if (at < 0) shift += value;
    else row[at] = (row[at] ?? 0) + value;
  }
  return { row: row as unknown as Vector, shift };
}

/** Not brought back into the cell. @param place along a, b, c */
export function applied({ turn, shift }: SymmetryOperation, place: Vector): Vector {
  const part = (i: 0 | 1 | 2): number =>
    turn[i][0] * place[0] + turn[i][1] * place[1] + turn[i][2] * place[2] + shift[i];
  return [part(0), part(1), part(2)];
}
