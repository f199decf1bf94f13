import { components, depths } from '#shared/graph/acyclic.ts';
import { flowLink, isCall, isOutput, Link } from '#shared/graph/columns.ts';
import { type Adjacency, buildCsr } from '#shared/graph/csr.ts';
import { type Layout, type LayoutGraph, space } from './types.ts';

/** Room between columns: more than in a framed drawing, because lines here have no way of their own. */
const columnGap = 90;
const sweeps = 4;

/**
 * A layered layout for very many nodes: longest paths, a few sweeps of means, packed columns, straight lines. It has
 * neither frames nor crossing minimisation worth the name, but it does 100 000 nodes in less than a second.
 */
export function fastLayout(graph: LayoutGraph): Layout {
  const count = graph.width.length;
  const ahead = linesAhead(graph);
  const from = ahead.map((line) => graph.from[line] as number);
  const to = ahead.map((line) => graph.to[line] as number);
  const kind = new Uint8Array(from.length);
  const { incoming: into, outgoing: outOf } = buildCsr(count, { from, to, kind });
  const layer = layersOf(count, from, to, into, outOf);
  const columns = orderInLayers(graph, layer, into, outOf);
  const placed = pack(graph, columns);
  const lines = graph.from.length;
  const routeStart = Uint32Array.from({ length: lines + 1 }, (_, line) => 2 * line);
  const points = new Float32Array(4 * lines);
  for (let line = 0; line < lines; line++) {
    const a = graph.from[line] as number;
    const b = graph.to[line] as number;
    points[4 * line] = (placed.x[a] as number) + (graph.width[a] as number);
    points[4 * line + 1] = (placed.y[a] as number) + (graph.height[a] as number) / 2;
    points[4 * line + 2] = placed.x[b] as number;
    points[4 * line + 3] = (placed.y[b] as number) + (graph.height[b] as number) / 2;
  }
  return {
    ...placed,
    width: graph.width.slice(),
    height: graph.height.slice(),
    frame: new Uint8Array(count),
    parent: new Int32Array(count).fill(-1),
    routeStart,
    points,
    gates: new Float32Array(0),
    algorithm: 'fast',
  };
}

/** Lines by number, without those that must point back: of each cycle the ones that mean least for the flow of data. */
function linesAhead(graph: LayoutGraph): Uint32Array {
  const count = graph.width.length;
  let lines = Uint32Array.from(graph.from.keys()).filter((line) => graph.from[line] !== graph.to[line]);
  const loosest: readonly ((type: number) => boolean)[] = [
    (type) => type === Link.return,
    isCall,
    (type) => type === Link.inputWork,
    (type) => type === flowLink,
    isOutput,
    () => true,
  ];
  for (const isLoose of loosest) {
    const from = lines.map((line) => graph.from[line] as number);
    const to = lines.map((line) => graph.to[line] as number);
    if (!depths({ count, from, to }).includes(-1)) return lines;
    const component = components({ count, from, to });
    lines = lines.filter(
      (line) =>
        component[graph.from[line] as number] !== component[graph.to[line] as number] ||
        !isLoose(graph.type[line] as number),
    );
  }
  return lines;
}

/** Longest paths; then what nothing leads to moves next to the first that takes it. */
function layersOf(
  count: number,
  from: Uint32Array,
  to: Uint32Array,
  into: Adjacency,
  outOf: Adjacency,
): Int32Array {
  const layer = depths({ count, from, to });
  for (let node = 0; node < count; node++) {
    const start = outOf.offsets[node] as number;
    const end = outOf.offsets[node + 1] as number;
    if (into.offsets[node] !== into.offsets[node + 1] || start === end) continue;
    let least = Infinity;
    for (let k = start; k < end; k++) {
      least = Math.min(least, layer[outOf.ends[k] as number] as number);
    }
    layer[node] = least - 1;
  }
  return layer;
}

/** The nodes of each layer, ordered by the mean places of their neighbours. */
function orderInLayers(
  graph: LayoutGraph,
  layer: Int32Array,
  into: Adjacency,
  outOf: Adjacency,
): readonly Uint32Array[] {
  const count = layer.length;
  const layers = layer.reduce((most, of) => Math.max(most, of + 1), 0);
  // A graph from layers to nodes: its rows are the columns of the drawing.
  const zeros = new Uint32Array(count);
  const rows = { from: Uint32Array.from(layer), to: zeros, kind: new Uint8Array(count) };
  const { edges, offsets } = buildCsr(layers, rows).outgoing;
  const columns = Array.from({ length: layers }, (_, k) => edges.slice(offsets[k], offsets[k + 1]));
  const place = new Float64Array(count);
  const key = new Float64Array(count);
  const settle = (column: Uint32Array): void => {
    sortBy(column, key);
    // Places from 0 to 1, so that layers of different lengths speak of the same thing.
    for (let i = 0; i < column.length; i++) place[column[i] as number] = (i + 0.5) / column.length;
  };
  key.set(graph.seedY);
  for (let node = 0; node < count; node++) if (Number.isNaN(key[node])) key[node] = 0;
  columns.forEach(settle);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forth = sweep % 2 === 0;
    const side = forth ? into : outOf;
    for (let k = 0; k < layers; k++) {
      const column = columns[forth ? k : layers - 1 - k] as Uint32Array;
      for (const node of column) {
        const start = side.offsets[node] as number;
        const end = side.offsets[node + 1] as number;
        let total = 0;
        for (let e = start; e < end; e++) total += place[side.ends[e] as number] as number;
        key[node] = end === start ? (place[node] as number) : total / (end - start);
      }
      settle(column);
    }
  }
  return columns;
}

/**
 * Sorts by key, ties by the order before. Keys and places in the column are packed into one number, because sorting
 * numbers natively is ten times as fast as sorting by a function.
 */
function sortBy(column: Uint32Array, key: Float64Array): void {
  let least = Infinity;
  let most = -Infinity;
  for (const node of column) {
    least = Math.min(least, key[node] as number);
    most = Math.max(most, key[node] as number);
  }
  const scale = most > least ? 1_048_575 / (most - least) : 0;
  const packed = Float64Array.from(column, (node, i) => {
    return Math.round(((key[node] as number) - least) * scale) * 4_194_304 + i;
  }).sort();
  const before = column.slice();
  for (let i = 0; i < column.length; i++) column[i] = before[(packed[i] as number) % 4_194_304] as number;
}

/** Columns from left to right; a layer that would be a tower is broken into several columns. */
function pack(
  graph: LayoutGraph,
  layers: readonly Uint32Array[],
): Pick<Layout, 'x' | 'y' | 'right' | 'bottom'> {
  const count = graph.width.length;
  let area = 0;
  for (let node = 0; node < count; node++) {
    area += ((graph.width[node] as number) + columnGap) * ((graph.height[node] as number) + space.node);
  }
  const limit = Math.max(900, Math.sqrt(area / 1.6));
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const heights: number[] = [];
  const columns: Uint32Array[] = [];
  let right = 0;
  for (const layer of layers) {
    for (let start = 0; start < layer.length;) {
      let height = 0;
      let width = 0;
      let end = start;
      for (; end < layer.length && (end === start || height < limit); end++) {
        const node = layer[end] as number;
        x[node] = right;
        y[node] = height;
        height += (graph.height[node] as number) + space.node;
        width = Math.max(width, graph.width[node] as number);
      }
      heights.push(height - space.node);
      columns.push(layer.subarray(start, end));
      start = end;
      right += width + (start < layer.length ? space.node * 2 : columnGap);
    }
  }
  const bottom = heights.reduce((most, height) => Math.max(most, height), 0);
  columns.forEach((column, k) => {
    const shift = (bottom - (heights[k] as number)) / 2;
    for (const node of column) y[node] = (y[node] as number) + shift;
  });
  return { x, y, right: Math.max(0, right - columnGap), bottom };
}
