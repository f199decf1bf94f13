/** How an array of any number of dimensions is laid out as a table. */
export interface Layout {
  readonly rows: number;
  readonly columns: number;
  /** How many such tables there are: the product of all dimensions before the last two. */
  readonly slices: number;
}

export function layoutOf(shape: readonly number[]): Layout {
  const [rows = 1, columns = 1] = shape.length === 1 ? shape : shape.slice(-2);
  return { rows, columns, slices: shape.slice(0, -2).reduce((product, size) => product * size, 1) };
}

/** `[3, 0, :, :]` */
export function sliceText(shape: readonly number[], slice: number): string {
  const leading = shape.slice(0, -2);
  const indices: number[] = [];
  let rest = slice;
  for (const size of leading.toReversed()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${[...indices.map(String), ':', ':'].join(', ')}]`;
}

/** A figure in at most seven digits. */
export function figureText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const text =
    size !== 0 && (size >= 1e7 || size < 1e-4)
      ? value.toExponential(4)
      : String(Number(value.toPrecision(7)));
  return text.replace('-', '−');
}
