/** A part of a large array that is read at once: a block of neighbours in the file. */
export interface ArrayPart {
  /** Of the part alone: the fixed axes are gone. */
  readonly shape: readonly number[];
  /** The indices that are the same for all of the part: those of the first axes. */
  readonly fixed: readonly number[];
  /** Where the part begins on the first axis that is not fixed. */
  readonly from: number;
  /** Of its first element, in elements of the file. */
  readonly offset: number;
  readonly length: number;
}

/** How an array in C order falls into parts of at most `most` elements, each a block of whole rows. */
export interface Parts {
  readonly count: number;
  readonly part: (index: number) => ArrayPart;
}

/** One row alone may be more than `most`, and is then a part. An array without axes is one part. */
export function partsOf(shape: readonly number[], most: number): Parts {
  const length = shape.reduce((product, size) => product * size, 1);
  if (shape.length === 0 || length <= most) {
    return { count: 1, part: () => ({ shape, fixed: [], from: 0, offset: 0, length }) };
  }
  // The first axes are fixed until one step of the next one fits.
  let axis = 0;
  let step = length / (shape[0] ?? 1);
  while (step > most && axis + 1 < shape.length) {
    axis++;
    step /= shape[axis] ?? 1;
  }
  const size = shape[axis] ?? 1;
  const rows = Math.max(1, Math.floor(most / step));
  const blocks = Math.ceil(size / rows);
  const leading = shape.slice(0, axis);
  return {
    count: leading.reduce((product, each) => product * each, blocks),
    part(index) {
      const from = (index % blocks) * rows;
      const here = Math.min(rows, size - from);
      let rest = Math.floor(index / blocks);
      const outer = rest;
      const fixed: number[] = [];
      for (const each of leading.toReversed()) {
        fixed.unshift(rest % each);
        rest = Math.floor(rest / each);
      }
      return {
        shape: [here, ...shape.slice(axis + 1)],
        fixed,
        from,
        offset: (outer * size + from) * step,
        length: here * step,
      };
    },
  };
}
