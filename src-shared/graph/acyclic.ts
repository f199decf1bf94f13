/** A directed graph as two columns; links to oneself are ignored. */
export interface Arrows {
  readonly count: number;
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
}

/**
 * For each node the length of the longest path that ends there, so that every arrow leads to a greater depth; -1 for
 * nodes on a cycle and after one (Kahn's algorithm).
 */
export function depths(arrows: Arrows): Int32Array {
  const { count, from, to } = arrows;
  const waits = new Int32Array(count);
  const start = new Uint32Array(count + 1);
  for (let j = 0; j < from.length; j++) {
    if (from[j] === to[j]) continue;
    start[(from[j] as number) + 1] = (start[(from[j] as number) + 1] as number) + 1;
    waits[to[j] as number] = (waits[to[j] as number] as number) + 1;
  }
  for (let i = 0; i < count; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number);
  const targets = new Uint32Array(start[count] as number);
  const place = start.slice(0, count);
  for (let j = 0; j < from.length; j++) {
    if (from[j] === to[j]) continue;
    const at = place[from[j] as number] as number;
    targets[at] = to[j] as number;
    place[from[j] as number] = at + 1;
  }
  const depth = new Int32Array(count);
  const queue = new Uint32Array(count);
  let end = 0;
  for (let i = 0; i < count; i++) if (waits[i] === 0) queue[end++] = i;
  for (let head = 0; head < end; head++) {
    const node = queue[head] as number;
    const below = (depth[node] as number) + 1;
    for (let k = start[node] as number; k < (start[node + 1] as number); k++) {
      const target = targets[k] as number;
      if ((depth[target] as number) < below) depth[target] = below;
      const left = (waits[target] as number) - 1;
      waits[target] = left;
      if (left === 0) queue[end++] = target;
    }
  }
  for (let i = 0; i < count; i++) if ((waits[i] as number) > 0) depth[i] = -1;
  return depth;
}

/**
 * The strongly connected component of each node (Tarjan's algorithm without recursion). Two nodes have the same number
 * where each can be reached from the other.
 */
export function components(arrows: Arrows): Uint32Array {
  const { count, from, to } = arrows;
  const start = new Uint32Array(count + 1);
  for (let j = 0; j < from.length; j++)
    start[(from[j] as number) + 1] = (start[(from[j] as number) + 1] as number) + 1;
  for (let i = 0; i < count; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number);
  const targets = new Uint32Array(from.length);
  const place = start.slice(0, count);
  for (let j = 0; j < from.length; j++) {
    const at = place[from[j] as number] as number;
    targets[at] = to[j] as number;
    place[from[j] as number] = at + 1;
  }
  const component = new Uint32Array(count);
  const seen = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const open = new Uint8Array(count);
  const next = start.slice(0, count);
  const path: number[] = [];
  const pending: number[] = [];
  let time = 0;
  let found = 0;
  for (let root = 0; root < count; root++) {
    if (seen[root] !== -1) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path.at(-1) as number;
      if (seen[node] === -1) {
        seen[node] = low[node] = time++;
        open[node] = 1;
        pending.push(node);
      }
      const k = next[node] as number;
      if (k < (start[node + 1] as number)) {
        next[node] = k + 1;
        const target = targets[k] as number;
        if (seen[target] === -1) path.push(target);
        else if (open[target] === 1) low[node] = Math.min(low[node] as number, seen[target] as number);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) low[above] = Math.min(low[above] as number, low[node] as number);
      if (low[node] !== seen[node]) continue;
      for (let member = -1; member !== node;) {
        member = pending.pop() as number;
        open[member] = 0;
        component[member] = found;
      }
      found++;
    }
  }
  return component;
}
