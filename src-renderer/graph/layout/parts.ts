import { type Item, type LevelPlan, planLevel, type Segment } from './level.ts';
import { space } from './types.ts';

/**
 * Places what no line joins as drawings of their own, one below the other in the order of their first items; single
 * items without any line stand together in rows at the end.
 */
export function parts(items: readonly Item[], segments: readonly Segment[]): LevelPlan {
  const part = partOf(items.length, segments);
  const groups = [...Map.groupBy(items.keys(), (v) => part[v] ?? 0).values()];
  const x = new Float64Array(items.length);
  const y = new Float64Array(items.length);
  const routes: number[][] = segments.map(() => []);
  let width = 0;
  let height = 0;
  for (const group of groups.filter((members) => members.length > 1)) {
    const at = new Map(group.map((v, i) => [v, i]));
    const lines = [...segments.keys()].filter((s) => at.has(segments[s]?.from ?? -1));
    const plan = planLevel(
      group.map((v) => items[v] as Item),
      lines.map((s) => {
        const segment = segments[s] as Segment;
        return { ...segment, from: at.get(segment.from) ?? 0, to: at.get(segment.to) ?? 0 };
      }),
    );
    const top = height === 0 ? 0 : height + space.part;
    group.forEach((v, i) => {
      x[v] = plan.x[i] ?? 0;
      y[v] = top + (plan.y[i] ?? 0);
    });
    lines.forEach(
      (s, i) => (routes[s] = (plan.routes[i] ?? []).map((value, k) => (k % 2 === 0 ? value : value + top))),
    );
    width = Math.max(width, plan.width);
    height = top + plan.height;
  }
  const alone = groups.flatMap((members) => (members.length === 1 ? members : []));
  const row = { x: 0, y: height === 0 ? 0 : height + space.part, height: 0 };
  const limit = Math.max(width, Math.sqrt(alone.length) * 240);
  for (const v of alone) {
    const item = items[v] as Item;
    if (row.x > 0 && row.x + item.width > limit) {
      row.x = 0;
      row.y += row.height + space.node;
      row.height = 0;
    }
    x[v] = row.x;
    y[v] = row.y;
    row.x += item.width + space.node;
    row.height = Math.max(row.height, item.height);
    width = Math.max(width, row.x - space.node);
    height = row.y + row.height;
  }
  return { x, y, width, height, routes };
}

/** The part of each item: items joined by a chain of lines have the same, numbered by their first item. */
function partOf(count: number, segments: readonly Segment[]): number[] {
  const root = Array.from({ length: count }, (_, v) => v);
  const find = (v: number): number => {
    let top = v;
    while (root[top] !== top) top = root[top] ?? top;
    for (let at = v; at !== top;) {
      const next = root[at] ?? top;
      root[at] = top;
      at = next;
    }
    return top;
  };
  for (const { from, to } of segments) {
    const [a, b] = [find(from), find(to)];
    root[Math.max(a, b)] = Math.min(a, b);
  }
  return root.map((_, v) => find(v));
}
