/** A vertex of one column: a node, a gate, or the place where a long line passes. */
export interface Slot {
  readonly rank: number;
  /** Where to begin, in any unit; equal ones keep the order in which they are given. */
  readonly start: number;
}

/** An edge between neighbouring columns. `fromAt` and `toAt` say where along the vertex it meets it, 0 top to 1 bottom. */
export interface Joint {
  readonly from: number;
  readonly to: number;
  readonly fromAt: number;
  readonly toAt: number;
  readonly weight: number;
}

/** So many sweeps without a better order are the end. Ties turn every second pair of sweeps, so both get a chance. */
const patience = 6;

/**
 * The order in each column with few crossings: sweeps by weighted means, then neighbours change places as long as
 * that helps (Sugiyama's method with Gansner's transposition). The best order seen is kept, and the first one wins a
 * tie, so that a drawing which is good already does not jump.
 *
 * @param sweeps how often to go forth and back
 */
export function order(
  slots: readonly Slot[],
  joints: readonly Joint[],
  columns: number,
  sweeps: number,
): number[][] {
  const layers: number[][] = Array.from({ length: columns }, () => []);
  slots.forEach((slot, v) => layers[slot.rank]?.push(v));
  for (const layer of layers) layer.sort((a, b) => (slots[a]?.start ?? 0) - (slots[b]?.start ?? 0) || a - b);
  const before: Joint[][] = slots.map(() => []);
  const after: Joint[][] = slots.map(() => []);
  const gaps: Joint[][] = layers.map(() => []);
  for (const joint of joints) {
    after[joint.from]?.push(joint);
    before[joint.to]?.push(joint);
    gaps[slots[joint.from]?.rank ?? 0]?.push(joint);
  }
  const place = new Float64Array(slots.length);
  const number = (layer: readonly number[]): void => layer.forEach((v, i) => (place[v] = i));
  layers.forEach(number);

  const crossings = (): number => gaps.reduce((total, gap) => total + crossingsOf(gap, place), 0);
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings();
  for (let sweep = 0, idle = 0; sweep < sweeps && fewest > 0 && idle < patience; sweep++) {
    const forth = sweep % 2 === 0;
    for (let k = 1; k < columns; k++) {
      const layer = layers[forth ? k : columns - 1 - k] ?? [];
      sortByMeans(layer, forth ? before : after, forth, place, sweep % 4 >= 2);
      number(layer);
    }
    if (slots.length < 1500) transpose(layers, before, after, place);
    const now = crossings();
    idle = now < fewest ? 0 : idle + 1;
    if (now < fewest) {
      fewest = now;
      best = layers.map((layer) => [...layer]);
    }
  }
  return best;
}

/** Vertices without neighbours on that side keep their places; the others fill the rest by the means of their ends. */
function sortByMeans(
  layer: number[],
  edges: readonly Joint[][],
  forth: boolean,
  place: Float64Array,
  turnTies: boolean,
): void {
  const mean = new Map<number, number>();
  for (const v of layer) {
    let total = 0;
    let weight = 0;
    for (const joint of edges[v] ?? []) {
      const end = forth ? joint.from : joint.to;
      total += ((place[end] ?? 0) + (forth ? joint.fromAt : joint.toAt)) * joint.weight;
      weight += joint.weight;
    }
    if (weight > 0) mean.set(v, total / weight);
  }
  const moving = layer.filter((v) => mean.has(v));
  const tie = turnTies ? -1 : 1;
  const at = new Map(layer.map((v, i) => [v, i]));
  moving.sort(
    (a, b) => (mean.get(a) ?? 0) - (mean.get(b) ?? 0) || tie * ((at.get(a) ?? 0) - (at.get(b) ?? 0)),
  );
  let next = 0;
  for (let i = 0; i < layer.length; i++) {
    if (mean.has(layer[i] ?? -1)) layer[i] = moving[next++] ?? 0;
  }
}

function transpose(layers: number[][], before: Joint[][], after: Joint[][], place: Float64Array): void {
  for (let round = 0, better = true; better && round < 8; round++) {
    better = false;
    for (const layer of layers) {
      for (let i = 0; i + 1 < layer.length; i++) {
        const a = layer[i] as number;
        const b = layer[i + 1] as number;
        const gain =
          inversions(before[a], before[b], place, 'from') +
          inversions(after[a], after[b], place, 'to') -
          inversions(before[b], before[a], place, 'from') -
          inversions(after[b], after[a], place, 'to');
        if (gain <= 0) continue;
        layer[i] = b;
        layer[i + 1] = a;
        place[b] = i;
        place[a] = i + 1;
        better = true;
      }
    }
  }
}

/** How many pairs of edges cross while `upper` stands above `lower`, by weight. */
function inversions(
  upper: readonly Joint[] | undefined,
  lower: readonly Joint[] | undefined,
  place: Float64Array,
  end: 'from' | 'to',
): number {
  let total = 0;
  for (const a of upper ?? []) {
    const high = (place[a[end]] ?? 0) + (end === 'from' ? a.fromAt : a.toAt);
    for (const b of lower ?? []) {
      const low = (place[b[end]] ?? 0) + (end === 'from' ? b.fromAt : b.toAt);
      if (high > low) total += a.weight * b.weight;
    }
  }
  return total;
}

/** Crossings between two columns, counted with a Fenwick tree over the ends in the second (Barth, Mutzel and Jünger). */
function crossingsOf(gap: readonly Joint[], place: Float64Array): number {
  if (gap.length < 2) return 0;
  const start = (joint: Joint): number => (place[joint.from] ?? 0) + joint.fromAt;
  const end = (joint: Joint): number => (place[joint.to] ?? 0) + joint.toAt;
  const sorted = [...gap].sort((a, b) => start(a) - start(b) || end(a) - end(b));
  const ends = [...new Set(gap.map(end))].sort((a, b) => a - b);
  const rankOf = new Map(ends.map((value, i) => [value, i + 1]));
  const tree = new Float64Array(ends.length + 1);
  let total = 0;
  let all = 0;
  for (let i = 0; i < sorted.length;) {
    // Edges from one point do not cross each other: they are counted before any of them is entered.
    let j = i;
    for (; j < sorted.length && start(sorted[j] as Joint) === start(sorted[i] as Joint); j++) {
      const joint = sorted[j] as Joint;
      let notAfter = 0;
      for (let k = rankOf.get(end(joint)) ?? 0; k > 0; k -= k & -k) notAfter += tree[k] ?? 0;
      total += (all - notAfter) * joint.weight;
    }
    for (; i < j; i++) {
      const joint = sorted[i] as Joint;
      for (let k = rankOf.get(end(joint)) ?? 0; k < tree.length; k += k & -k)
        tree[k] = (tree[k] ?? 0) + joint.weight;
      all += joint.weight;
    }
  }
  return total;
}
