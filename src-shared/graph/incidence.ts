/** The links at each node, as one array of link numbers cut by offsets. */
export interface Incidence {
  /** Length n + 1: the links of node i are `links[start[i]]` to `links[start[i + 1] - 1]`, in rising order. */
  readonly start: Uint32Array;
  readonly links: Uint32Array;
}

/** Sorts link numbers by the node at one end (`ends[j]` is that node of link j), by counting: O(n + m). */
export function incidence(count: number, ends: Uint32Array): Incidence {
  const start = new Uint32Array(count + 1);
  for (const node of ends) start[node + 1] = (start[node + 1] as number) + 1;
  for (let i = 0; i < count; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number);
  const next = start.slice(0, count);
  const links = new Uint32Array(ends.length);
  for (let j = 0; j < ends.length; j++) {
    const node = ends[j] as number;
    const place = next[node] as number;
    links[place] = j;
    next[node] = place + 1;
  }
  return { start, links };
}

/** The link numbers at one node, without copying. */
export const linksAt = (index: Incidence, node: number): Uint32Array =>
  index.links.subarray(index.start[node], index.start[node + 1]);
