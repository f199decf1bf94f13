import type { ElementType } from '#shared/npy/element-types.ts';

/** Which plane of an array is looked at: two axes, and an index on each of the others. */
export interface Slicing {
  readonly rowAxis: number;
  /** Null for arrays of fewer than two dimensions. */
  readonly columnAxis: number | null;
  /** One for each axis; those of the two axes mean nothing. */
  readonly at: readonly number[];
}

/** The last two axes, as NumPy prints an array. */
export function firstSlicing(shape: readonly number[]): Slicing {
  const at = shape.map(() => 0);
  return shape.length < 2
    ? { rowAxis: 0, columnAxis: null, at }
    : { rowAxis: shape.length - 2, columnAxis: shape.length - 1, at };
}

/** How many rows the plane has; one for an array without axes. */
export const rowsOf = (shape: readonly number[], { rowAxis }: Slicing): number => shape[rowAxis] ?? 1;

/** How many columns the plane has; one for a list. */
export const columnsOf = (shape: readonly number[], { columnAxis }: Slicing): number =>
  columnAxis === null ? 1 : (shape[columnAxis] ?? 1);

/** The axes along which one index is chosen. */
export const fixedAxes = (shape: readonly number[], { rowAxis, columnAxis }: Slicing): readonly number[] =>
  shape.flatMap((_, axis) => (axis === rowAxis || axis === columnAxis ? [] : [axis]));

/** Where an element of the plane lies in the array, the last index fastest; as a function, for it is asked often. */
export function placeIn(
  shape: readonly number[],
  { rowAxis, columnAxis, at }: Slicing,
): (row: number, column: number) => number {
  const strides: number[] = [];
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  let base = 0;
  for (const [axis, index] of at.entries()) {
    if (axis !== rowAxis && axis !== columnAxis) base += index * (strides[axis] ?? 0);
  }
  const byRow = strides[rowAxis] ?? 0;
  const byColumn = columnAxis === null ? 0 : (strides[columnAxis] ?? 0);
  return (row, column) => base + row * byRow + column * byColumn;
}

/** Other axes for rows and columns; one that was taken by the other changes places with it. */
export function withAxis(slicing: Slicing, which: 'rowAxis' | 'columnAxis', axis: number): Slicing {
  const other = which === 'rowAxis' ? 'columnAxis' : 'rowAxis';
  return slicing[other] === axis
    ? { ...slicing, [which]: axis, [other]: slicing[which] }
    : { ...slicing, [which]: axis };
}

/** `[3, :, 0, :]` */
export function sliceText(shape: readonly number[], slicing: Slicing): string {
  const fixed = new Set(fixedAxes(shape, slicing));
  return `[${shape.map((_, axis) => (fixed.has(axis) ? String(slicing.at[axis] ?? 0) : ':')).join(', ')}]`;
}

const fullText = 14;

/** Enough px for the longest element that is not shortened: integers and texts are not. */
export function columnWidth({ kind, bytes }: Pick<ElementType, 'kind' | 'bytes'>): number {
  if (kind === 'complex') return 230;
  return kind === 'float' || bytes < 8 ? 132 : 180;
}

/** An element of an array in a narrow column: long fractions with ten digits, all else as it is. */
export function shortText(text: string, value: number): string {
  const [, real, imaginary] = /^(-?[\d.]+(?:e[+-]?\d+)?)([+-][\d.]+(?:e[+-]?\d+)?)j$/.exec(text) ?? [];
  if (real !== undefined && imaginary !== undefined) {
    const second = shortText(imaginary.slice(1), Number(imaginary.slice(1)));
    return `${shortText(real, Number(real))}${imaginary.charAt(0)}${second}j`;
  }
  if (text.length <= fullText || !/^-?\d[\d.]*(e[+-]?\d+)?$/.test(text) || !/[.e]/.test(text)) return text;
  const size = Math.abs(value);
  const isFar = size !== 0 && (size >= 1e10 || size < 1e-3);
  return isFar ? value.toExponential(7) : String(Number(value.toPrecision(10)));
}

/** A figure in at most seven digits. */
export function figureText(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    size !== 0 && (size >= 1e7 || size < 1e-4)
      ? value.toExponential(4)
      : String(Number(value.toPrecision(7)));
  return text.replace('-', '−');
}
