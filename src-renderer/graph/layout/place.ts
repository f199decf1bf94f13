/** A vertex with its extent down the page. */
export interface Box {
  readonly height: number;
  /** Least distance to the next box in its column; between two, the larger of both counts. */
  readonly gap: number;
  /** Where its top was before, or NaN. */
  readonly seed: number;
}

/** An edge between neighbouring columns, with the distance from each box's top at which it meets it. */
export interface Tie {
  readonly from: number;
  readonly to: number;
  readonly fromY: number;
  readonly toY: number;
  readonly weight: number;
}

/**
 * The top of each box, such that the order in each column is kept, boxes keep their distance, and edges are as level as
 * can be: each column in turn takes the places nearest to what its edges ask for. With distances taken off, that is an
 * isotonic regression, which pooling adjacent violators solves exactly in one pass.
 */
export function placeDown(
  boxes: readonly Box[],
  columns: readonly (readonly number[])[],
  ties: readonly Tie[],
  rounds = 24,
): Float64Array {
  const before: Tie[][] = boxes.map(() => []);
  const after: Tie[][] = boxes.map(() => []);
  for (const tie of ties) {
    after[tie.from]?.push(tie);
    before[tie.to]?.push(tie);
  }
  const top = new Float64Array(boxes.length);
  for (const column of columns) startColumn(boxes, column, top);
  const settle = (column: readonly number[], back: boolean, forth: boolean): void => {
    const wish = new Float64Array(column.length);
    const weight = new Float64Array(column.length);
    column.forEach((v, i) => {
      let total = (top[v] ?? 0) * 0.02;
      let sum = 0.02;
      if (back) {
        for (const tie of before[v] ?? []) {
          total += ((top[tie.from] ?? 0) + tie.fromY - tie.toY) * tie.weight;
          sum += tie.weight;
        }
      }
      if (forth) {
        for (const tie of after[v] ?? []) {
          total += ((top[tie.to] ?? 0) + tie.toY - tie.fromY) * tie.weight;
          sum += tie.weight;
        }
      }
      wish[i] = total / sum;
      weight[i] = sum;
    });
    spread(boxes, column, wish, weight, top);
  };
  for (let round = 0; round < rounds; round++) {
    const both = round >= rounds / 3;
    const forth = round % 2 === 0;
    for (let k = 0; k < columns.length; k++) {
      settle(columns[forth ? k : columns.length - 1 - k] ?? [], both || forth, both || !forth);
    }
  }
  straighten(boxes, columns, ties, top);
  const least = top.reduce((a, b) => Math.min(a, b), Infinity);
  return top.map((y) => y - least);
}

const distance = (boxes: readonly Box[], upper: number, lower: number): number =>
  (boxes[upper]?.height ?? 0) + Math.max(boxes[upper]?.gap ?? 0, boxes[lower]?.gap ?? 0);

/** Boxes below one another, around zero; with seeds, as near to those as order and distance allow. */
function startColumn(boxes: readonly Box[], column: readonly number[], top: Float64Array): void {
  let y = 0;
  column.forEach((v, i) => {
    top[v] = y;
    y += i + 1 < column.length ? distance(boxes, v, column[i + 1] ?? v) : (boxes[v]?.height ?? 0);
  });
  const seeded = column.filter((v) => !Number.isNaN(boxes[v]?.seed ?? Number.NaN));
  if (seeded.length === 0) {
    for (const v of column) top[v] = (top[v] ?? 0) - y / 2;
    return;
  }
  const shift = seeded.reduce((total, v) => total + (boxes[v]?.seed ?? 0) - (top[v] ?? 0), 0) / seeded.length;
  const wish = Float64Array.from(column, (v) => {
    const seed = boxes[v]?.seed ?? Number.NaN;
    return Number.isNaN(seed) ? (top[v] ?? 0) + shift : seed;
  });
  spread(boxes, column, wish, new Float64Array(column.length).fill(1), top);
}

/** Writes the tops nearest to the wishes (least squares) that keep order and distances. */
function spread(
  boxes: readonly Box[],
  column: readonly number[],
  wish: Float64Array,
  weight: Float64Array,
  top: Float64Array,
): void {
  const value: number[] = [];
  const mass: number[] = [];
  const size: number[] = [];
  const offset: number[] = [];
  let taken = 0;
  for (let i = 0; i < column.length; i++) {
    if (i > 0) taken += distance(boxes, column[i - 1] ?? 0, column[i] ?? 0);
    offset.push(taken);
    value.push((wish[i] ?? 0) - taken);
    mass.push(weight[i] ?? 1);
    size.push(1);
    while (value.length > 1 && (value.at(-2) as number) >= (value.at(-1) as number)) {
      const [v, m, s] = [value.pop() as number, mass.pop() as number, size.pop() as number];
      const last = value.length - 1;
      const all = (mass[last] as number) + m;
      value[last] = ((value[last] as number) * (mass[last] as number) + v * m) / all;
      mass[last] = all;
      size[last] = (size[last] as number) + s;
    }
  }
  let i = 0;
  value.forEach((v, block) => {
    for (let k = 0; k < (size[block] ?? 0); k++, i++) top[column[i] ?? 0] = v + (offset[i] ?? 0);
  });
}

/** Least squares leave edges almost level: those are made level where there is room, the heaviest first. */
function straighten(
  boxes: readonly Box[],
  columns: readonly (readonly number[])[],
  ties: readonly Tie[],
  top: Float64Array,
): void {
  const above = new Int32Array(boxes.length).fill(-1);
  const below = new Int32Array(boxes.length).fill(-1);
  const rank = new Int32Array(boxes.length);
  columns.forEach((column, k) =>
    column.forEach((v, i) => {
      rank[v] = k;
      above[v] = column[i - 1] ?? -1;
      below[v] = column[i + 1] ?? -1;
    }),
  );
  const fits = (v: number, y: number): boolean => {
    const [up, down] = [above[v] ?? -1, below[v] ?? -1];
    return (
      (up === -1 || (top[up] ?? 0) + distance(boxes, up, v) <= y + 1e-6) &&
      (down === -1 || y + distance(boxes, v, down) <= (top[down] ?? 0) + 1e-6)
    );
  };
  const fixed = new Uint8Array(boxes.length);
  const sorted = [...ties].sort(
    (a, b) =>
      b.weight - a.weight || (rank[a.from] ?? 0) - (rank[b.from] ?? 0) || a.from - b.from || a.to - b.to,
  );
  for (const tie of sorted) {
    const off = (top[tie.from] ?? 0) + tie.fromY - (top[tie.to] ?? 0) - tie.toY;
    if (Math.abs(off) > 16) continue;
    if (off !== 0) {
      if (fixed[tie.to] === 0 && fits(tie.to, (top[tie.to] ?? 0) + off))
        top[tie.to] = (top[tie.to] ?? 0) + off;
      else if (fixed[tie.from] === 0 && fits(tie.from, (top[tie.from] ?? 0) - off)) {
        top[tie.from] = (top[tie.from] ?? 0) - off;
      } else continue;
    }
    fixed[tie.from] = 1;
    fixed[tie.to] = 1;
  }
}
