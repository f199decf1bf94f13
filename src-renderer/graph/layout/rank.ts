import { components } from '#shared/graph/acyclic.ts';

/** An edge that wants to point to the right; `from` and `to` are places in the list of nodes. */
export interface RankEdge {
  readonly from: number;
  readonly to: number;
  /** How strongly the two belong side by side. */
  readonly weight: number;
  /** Which edges point back first where there is a cycle: the higher, the sooner. 0 is data provenance. */
  readonly loose: number;
}

/** The column of each node, from 0 on the left. */
export interface Ranks {
  readonly rank: number[];
  readonly count: number;
  /** Edges that point back, by number: they had to be left out to have an order at all. */
  readonly back: ReadonlySet<number>;
}

/**
 * The column of each vertex, such that edges lead to the right and are short: the longest path first, then each vertex
 * moves towards where most of its edges go until nothing moves. Vertices in `first` stay in the first column alone.
 */
export function ranks(
  count: number,
  edges: readonly RankEdge[],
  first: readonly boolean[],
  last: readonly boolean[],
): Ranks {
  const back = backEdges(count, edges);
  const ahead = edges.filter((edge, e) => !back.has(e) && edge.from !== edge.to);
  const into: RankEdge[][] = Array.from({ length: count }, () => []);
  const outOf: RankEdge[][] = Array.from({ length: count }, () => []);
  for (const edge of ahead) {
    into[edge.to]?.push(edge);
    outOf[edge.from]?.push(edge);
  }
  const order = topological(count, into, outOf);
  const rank = Array.from({ length: count }, () => 0);
  const floor = first.includes(true) ? 1 : 0;
  const at = (v: number): number => rank[v] as number;
  for (const v of order) {
    if (first[v] === true) continue;
    rank[v] = Math.max(floor, ...(into[v] ?? []).map((edge) => at(edge.from) + 1));
  }
  const end = (): number => {
    let most = floor;
    for (let v = 0; v < count; v++) if (last[v] !== true) most = Math.max(most, at(v));
    return most;
  };
  const limit = end();
  for (let round = 0; round < 24; round++) {
    let moved = false;
    // Against the flow first, so that a chain follows its last link in one round.
    for (const v of round % 2 === 0 ? order.toReversed() : order) {
      if (first[v] === true || last[v] === true) continue;
      const low = Math.max(floor, ...(into[v] ?? []).map((edge) => at(edge.from) + 1));
      const next = (outOf[v] ?? []).filter((edge) => last[edge.to] !== true);
      const high = Math.min(limit, ...next.map((edge) => at(edge.to) - 1));
      const pull =
        sum(next, (edge) => edge.weight) -
        sum(into[v] ?? [], (edge) => (first[edge.from] === true ? edge.weight / 16 : edge.weight));
      const target = pull > 0 || (pull === 0 && next.length > 0) ? high : low;
      if (target !== at(v)) {
        rank[v] = target;
        moved = true;
      }
    }
    if (!moved) break;
  }
  for (let v = 0; v < count; v++) if (last[v] === true) rank[v] = limit + 1;
  return { ...compact(rank), back };
}

/** Edges to turn round so that no cycle is left: those that mean least for the flow of data go first. */
function backEdges(count: number, edges: readonly RankEdge[]): Set<number> {
  const back = new Set<number>();
  for (;;) {
    const rest = [...edges.keys()].filter((e) => !back.has(e) && edges[e]?.from !== edges[e]?.to);
    const from = rest.map((e) => edges[e]?.from ?? 0);
    const to = rest.map((e) => edges[e]?.to ?? 0);
    const component = components({ count, from, to });
    const inside = rest.filter((_, k) => component[from[k] ?? 0] === component[to[k] ?? 0]);
    if (inside.length === 0) return back;
    const loosest = Math.max(...inside.map((e) => edges[e]?.loose ?? 0));
    const worst = inside.filter((e) => edges[e]?.loose === loosest);
    // Data provenance has no cycle but in a corrupt file: there one edge goes at a time.
    if (loosest > 0) for (const e of worst) back.add(e);
    else back.add(worst.at(-1) ?? 0);
  }
}

function topological(count: number, into: readonly RankEdge[][], outOf: readonly RankEdge[][]): number[] {
  const waits = into.map((edges) => edges.length);
  const queue = [...waits.keys()].filter((v) => waits[v] === 0);
  for (let head = 0; head < queue.length; head++) {
    for (const edge of outOf[queue[head] ?? 0] ?? []) {
      const left = (waits[edge.to] ?? 0) - 1;
      waits[edge.to] = left;
      if (left === 0) queue.push(edge.to);
    }
  }
  return queue.slice(0, count);
}

function compact(rank: number[]): { rank: number[]; count: number } {
  const used = [...new Set(rank)].sort((a, b) => a - b);
  const to = new Map(used.map((from, i) => [from, i]));
  return { rank: rank.map((r) => to.get(r) ?? 0), count: used.length };
}

const sum = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((total, item) => total + of(item), 0);
