import { type Joint, order, type Slot } from './order.ts';
import { type Box, placeDown, type Tie } from './place.ts';
import { type RankEdge, ranks } from './rank.ts';
import { space } from './types.ts';

/** One thing to place: a node, a frame whose inside is done, or a gate in the border of the frame around all this. */
export interface Item {
  readonly width: number;
  readonly height: number;
  readonly kind: 'node' | 'frame' | 'gate-in' | 'gate-out';
  readonly isData: boolean;
  /** Centre before, or NaN. */
  readonly seedX: number;
  readonly seedY: number;
}

/** A line between two items; `fromY` and `toY` from the items' tops. */
export interface Segment {
  /** Places in the list of items. */
  readonly from: number;
  readonly to: number;
  readonly fromY: number;
  readonly toY: number;
  readonly loose: number;
  readonly labelWidth: number;
}

/** Where everything of one level is, in px from its upper left corner. */
export interface LevelPlan {
  /** Top left corners. Gates have x 0 or the width of all. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: number;
  readonly height: number;
  /** The points of each segment: x, y, x, y … */
  readonly routes: readonly (readonly number[])[];
}

const isGate = (item: Item | undefined): boolean => item?.kind === 'gate-in' || item?.kind === 'gate-out';

/**
 * Places the items of one level, inputs left and outputs right: columns, order, places down the page, places across.
 * All lines that leave an item at one point share their way as long as they go the same way.
 */
export function planLevel(items: readonly Item[], segments: readonly Segment[], sweeps = 24): LevelPlan {
  const first = items.map((item) => item.kind === 'gate-in');
  const last = items.map((item) => item.kind === 'gate-out');
  const edges = rankEdges(segments);
  const { rank, count, back } = ranks(items.length, edges, first, last);
  const slots: Slot[] = items.map((item, i) => ({ rank: rank[i] ?? 0, start: start(item) }));
  const boxes: Box[] = items.map((item) => ({
    height: item.height,
    gap: item.kind === 'frame' ? space.frame : isGate(item) ? space.line : space.node,
    seed: item.seedY - item.height / 2,
  }));

  // Long lines pass through a slot in each column between: one for all lines from the same point.
  const passes = new Map<string, number>();
  const joints = new Map<string, Joint & Tie>();
  const ways = segments.map((segment, s): number[] => {
    const way = [segment.from];
    if (back.has(s) || segment.from === segment.to) return [segment.from, segment.to];
    for (let column = (rank[segment.from] ?? 0) + 1; column < (rank[segment.to] ?? 0); column++) {
      const key = `${segment.from} ${segment.fromY} ${column}`;
      let pass = passes.get(key);
      if (pass === undefined) {
        pass = slots.push({ rank: column, start: start(items[segment.to]) }) - 1;
        boxes.push({ height: 0, gap: space.line, seed: Number.NaN });
        passes.set(key, pass);
      }
      way.push(pass);
    }
    way.push(segment.to);
    for (let k = 0; k + 1 < way.length; k++) {
      const from = way[k] ?? 0;
      const to = way[k + 1] ?? 0;
      const fromY = from === segment.from ? segment.fromY : 0;
      const toY = to === segment.to ? segment.toY : 0;
      const key = `${from} ${fromY} ${to} ${toY}`;
      const known = joints.get(key);
      if (known !== undefined) continue;
      joints.set(key, {
        from,
        to,
        fromY,
        toY,
        fromAt: part(fromY, items[from]),
        toAt: part(toY, items[to]),
        weight: from >= items.length && to >= items.length ? 4 : 1,
      });
    }
    return way;
  });
  const all = [...joints.values()];
  const columns = order(slots, all, count, sweeps);
  const top = placeDown(boxes, columns, levelWeights(all, slots.length, items.length));
  const across = placeAcross(items, columns, segments, ways, top);
  const routes = segments.map((segment, s) =>
    route(items, segment, ways[s] ?? [], slots, top, across, back.has(s)),
  );
  const height = boxes.reduce((most, box, v) => Math.max(most, (top[v] ?? 0) + box.height), 0);
  return { x: across.x, y: top.slice(0, items.length), width: across.width, height, routes };
}

const start = (item: Item | undefined): number =>
  item === undefined || Number.isNaN(item.seedY) ? 0 : item.seedY;

/** Where along the item an edge meets it, kept off the ends so that edges of two items never share a place. */
const part = (y: number, item: Item | undefined): number =>
  item === undefined || item.height === 0 ? 0.5 : 0.02 + (0.96 * y) / item.height;

function rankEdges(segments: readonly Segment[]): RankEdge[] {
  return segments.map(({ from, to, loose }) => ({ from, to, loose, weight: loose === 0 ? 2 : 1 }));
}

/** An edge that is the only one at both its ends is the one to be level; passing lines bend least of all. */
function levelWeights(joints: readonly (Joint & Tie)[], count: number, items: number): Tie[] {
  const out = new Uint32Array(count);
  const into = new Uint32Array(count);
  for (const joint of joints) {
    out[joint.from] = (out[joint.from] ?? 0) + 1;
    into[joint.to] = (into[joint.to] ?? 0) + 1;
  }
  return joints.map((joint) => {
    const passing = (joint.from >= items ? 1 : 0) + (joint.to >= items ? 1 : 0);
    const alone = out[joint.from] === 1 && into[joint.to] === 1;
    return { ...joint, weight: [1, 2, 8][passing] ?? 1, ...(alone && passing < 2 ? { weight: 5 } : {}) };
  });
}

interface Across {
  readonly x: Float64Array;
  /** Left border and width of each column. */
  readonly left: readonly number[];
  readonly wide: readonly number[];
  readonly width: number;
}

/** Columns as wide as their widest item, with room between them for labels and for lines that rise or fall far. */
function placeAcross(
  items: readonly Item[],
  columns: readonly (readonly number[])[],
  segments: readonly Segment[],
  ways: readonly (readonly number[])[],
  top: Float64Array,
): Across {
  const columnOf = new Int32Array(top.length);
  columns.forEach((column, k) => column.forEach((v) => (columnOf[v] = k)));
  const wide = columns.map((column) => Math.max(0, ...column.map((v) => items[v]?.width ?? 0)));
  const gap = columns.map(() => 0);
  // A long chain of columns would get too long to be seen at once: its labels have to do with what room there is.
  const reserve = columns.length > 8 ? 0 : 1;
  const gives = new Set(segments.map((segment) => segment.from));
  const takes = new Set(segments.map((segment) => segment.to));
  segments.forEach((segment, s) => {
    const way = ways[s] ?? [];
    for (let k = 0; k + 1 < way.length; k++) {
      const [a, b] = [way[k] ?? 0, way[k + 1] ?? 0];
      const column = columnOf[a] ?? 0;
      const rise = Math.abs((top[a] ?? 0) - (top[b] ?? 0));
      const label = k === 0 || k + 2 === way.length ? reserve * (segment.labelWidth + 26) : 0;
      const gates = isGate(items[a]) || isGate(items[b]) ? space.column / 2 : space.column;
      const asked = Math.max(gates + rise * 0.12, label);
      gap[column] = Math.max(gap[column] ?? 0, Math.min(space.columnMost, asked));
    }
  });
  const left: number[] = [];
  let x = 0;
  columns.forEach((column, k) => {
    left.push(x);
    const end = k === columns.length - 1;
    // A column of gates alone is the border itself.
    x +=
      (wide[k] ?? 0) +
      (end ? 0 : Math.max(gap[k] ?? 0, column.every((v) => isGate(items[v])) ? 12 : space.column));
  });
  const place = Float64Array.from(items, (item, v) => {
    const column = columnOf[v] ?? 0;
    const room = (wide[column] ?? 0) - item.width;
    // What is only given on stands next to what takes it; all else begins at the column's left border.
    const source = item.kind === 'node' && gives.has(v) && !takes.has(v);
    return (left[column] ?? 0) + (source && item.isData ? room : 0);
  });
  return { x: place, left, wide, width: x };
}

function route(
  items: readonly Item[],
  segment: Segment,
  way: readonly number[],
  slots: readonly Slot[],
  top: Float64Array,
  across: Across,
  back: boolean,
): number[] {
  const [from, to] = [segment.from, segment.to];
  const startX = (across.x[from] ?? 0) + (items[from]?.width ?? 0);
  const startY = (top[from] ?? 0) + segment.fromY;
  const endX = across.x[to] ?? 0;
  const endY = (top[to] ?? 0) + segment.toY;
  const points = [startX, startY];
  if (back) return [startX, startY, endX, endY];
  const add = (x: number, y: number): void => {
    if (x > (points.at(-2) ?? 0) + 0.5) points.push(x, y);
  };
  const columnEnd = (v: number): number => {
    const k = slots[v]?.rank ?? 0;
    return (across.left[k] ?? 0) + (across.wide[k] ?? 0);
  };
  add(columnEnd(from), startY);
  for (const pass of way.slice(1, -1)) {
    const k = slots[pass]?.rank ?? 0;
    add(across.left[k] ?? 0, top[pass] ?? 0);
    add(columnEnd(pass), top[pass] ?? 0);
  }
  const endColumn = across.left[slots[to]?.rank ?? 0] ?? 0;
  if (endColumn < endX - 0.5) add(endColumn, endY);
  add(endX, endY);
  return points;
}
