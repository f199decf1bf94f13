import { flowLink, isCall, Link } from '#shared/graph/columns.ts';
import { ancestorsOf, type FrameTree, frameTree, siblings } from './frame-tree.ts';
import { type Item, type LevelPlan, planLevel, type Segment } from './level.ts';
import { parts } from './parts.ts';
import { type Layout, type LayoutGraph, space } from './types.ts';

/** Where lines that leave (or enter) one frame because of the same node cross its border. */
interface Gate {
  readonly frame: number;
  readonly side: 'in' | 'out';
  /** The node all its lines come from. */
  readonly source: number;
  /** Distance from the frame's top, known once the frame's inside is placed. */
  y: number;
  /** Where the lines' other ends were in the round before, down the page; NaN in the first. */
  seed: number;
}

type End = { readonly node: number; readonly gate: Gate | null };

/** A piece of a line inside one level. */
interface Piece {
  readonly from: End;
  readonly to: End;
  readonly loose: number;
  labelWidth: number;
  points: readonly number[];
}

interface Level {
  readonly frame: number;
  readonly children: number[];
  readonly gates: Gate[];
  readonly pieces: Map<string, Piece>;
  plan: LevelPlan | null;
}

/**
 * The layered layout with frames: each frame's inside is placed as a drawing of its own, then stands as one item in the
 * level around it. Lines that cross a border do so at gates, which both drawings share. After a first round every gate
 * knows where its lines come from, and a second round orders the insides by that.
 */
export function framedLayout(graph: LayoutGraph): Layout {
  const tree = frameTree(graph);
  const world = new World(graph, tree);
  const rounds = tree.isFrame.includes(1) ? 2 : 1;
  let layout = world.lay();
  for (let round = 1; round < rounds; round++) {
    world.seedGates(layout);
    layout = world.lay();
  }
  return layout;
}

/** Edges that may point back where they must: first what a workflow returns, then calls, then its inputs. */
const looseness = (type: number): number => {
  if (type === Link.return) return 4;
  if (isCall(type)) return 3;
  if (type === Link.inputWork) return 2;
  return type === flowLink ? 1 : 0;
};

class World {
  readonly #graph: LayoutGraph;
  readonly #tree: FrameTree;
  /** By frame, and -1 for the outermost. */
  readonly #levels = new Map<number, Level>();
  /** The pieces of each line, from its source to its target. */
  readonly #ways: (readonly Piece[])[];
  readonly #width: Float64Array;
  readonly #height: Float64Array;

  constructor(graph: LayoutGraph, tree: FrameTree) {
    this.#graph = graph;
    this.#tree = tree;
    this.#width = Float64Array.from(graph.width);
    this.#height = Float64Array.from(graph.height);
    for (let node = -1; node < graph.width.length; node++) {
      if (node !== -1 && tree.isFrame[node] === 0) continue;
      this.#levels.set(node, { frame: node, children: [], gates: [], pieces: new Map(), plan: null });
    }
    tree.parent.forEach((frame, node) => this.#levels.get(frame)?.children.push(node));
    this.#ways = Array.from(graph.from, (_, line) => this.#wayOf(line));
  }

  /** Places every level, the innermost first, and reads off where everything is. */
  lay(): Layout {
    const inwards = [...this.#levels.values()].sort((a, b) => this.#depth(b.frame) - this.#depth(a.frame));
    for (const level of inwards) this.#place(level);
    return this.#read();
  }

  seedGates(layout: Layout): void {
    for (const level of this.#levels.values()) {
      for (const piece of level.pieces.values()) {
        const at = ({ node, gate }: End): number =>
          (layout.y[node] as number) + (gate?.y ?? (layout.height[node] as number) / 2);
        // A gate is seen from outside by the piece that ends there, and takes its place from the far end.
        if (piece.from.gate?.side === 'out' && piece.from.node !== level.frame)
          piece.from.gate.seed = at(piece.to);
        if (piece.to.gate?.side === 'in' && piece.to.node !== level.frame)
          piece.to.gate.seed = at(piece.from);
      }
    }
  }

  #depth(frame: number): number {
    return frame === -1 ? 0 : ancestorsOf(frame, this.#tree.parent).length + 1;
  }

  /** Cuts a line at the borders it crosses. */
  #wayOf(line: number): readonly Piece[] {
    const graph = this.#graph;
    const { parent, isFrame } = this.#tree;
    const source = graph.from[line] as number;
    const target = graph.to[line] as number;
    const type = graph.type[line] as number;
    const framed = graph.workflows === 'frames';
    if (type === Link.return && ancestorsOf(target, parent).includes(source))
      return this.#wayOut(target, source, line);
    if (framed && graph.implied[line] === 1 && this.#saidByFrames(source, target, type)) return [];
    const ends = siblings(source, target, parent);
    // One end is the frame around the other: its border is the line.
    if (ends === null) return [];
    const up = this.#framesBetween(source, ends[0]);
    const down = this.#framesBetween(target, ends[1]).reverse();
    const loose = looseness(type);
    const label = graph.labelWidth[line] as number;
    const pieces: Piece[] = [];
    let from: End = { node: source, gate: isFrame[source] === 1 ? this.#gate(source, 'out', -1) : null };
    for (const frame of up) {
      const gate = this.#gate(frame, 'out', source);
      pieces.push(this.#piece(frame, from, { node: frame, gate }, loose, pieces.length === 0 ? label : 0));
      from = { node: frame, gate };
    }
    for (const frame of down) {
      const gate = this.#gate(frame, 'in', source);
      const level = parent[frame] as number;
      pieces.push(this.#piece(level, from, { node: frame, gate }, loose, pieces.length === 0 ? label : 0));
      from = { node: frame, gate };
    }
    const to: End = { node: target, gate: isFrame[target] === 1 ? this.#gate(target, 'in', -1) : null };
    pieces.push(this.#piece(parent[target] as number, from, to, loose, label));
    return pieces;
  }

  /** Data that is returned and yet stays inside: the line shows it at the border of the workflow that returns it. */
  #wayOut(data: number, workflow: number, line: number): readonly Piece[] {
    const pieces: Piece[] = [];
    let from: End = { node: data, gate: null };
    const around = ancestorsOf(data, this.#tree.parent);
    for (const frame of around.slice(0, around.indexOf(workflow) + 1)) {
      const to = { node: frame, gate: this.#gate(frame, 'out', data) };
      pieces.push(
        this.#piece(frame, from, to, 0, frame === workflow ? (this.#graph.labelWidth[line] as number) : 0),
      );
      from = to;
    }
    return pieces;
  }

  /** Whether the frames show what this line says: a dissolved frame does not, and its lines must be drawn. */
  #saidByFrames(source: number, target: number, type: number): boolean {
    const { parent, isFrame } = this.#tree;
    if (isCall(type)) return parent[target] === source;
    return isFrame[type === Link.return ? source : target] === 1;
  }

  /** Frames around `inner`, from the innermost to `outer` itself; none where the two are the same. */
  #framesBetween(inner: number, outer: number): number[] {
    if (inner === outer) return [];
    const around = ancestorsOf(inner, this.#tree.parent);
    return around.slice(0, around.indexOf(outer) + 1);
  }

  /** The gate for lines from one node; source -1 is the title bar of the frame, for lines that end at it. */
  #gate(frame: number, side: 'in' | 'out', source: number): Gate {
    const level = this.#levels.get(frame);
    const known = level?.gates.find((gate) => gate.side === side && gate.source === source);
    if (known !== undefined) return known;
    const gate: Gate = { frame, side, source, y: space.title / 2, seed: Number.NaN };
    level?.gates.push(gate);
    return gate;
  }

  #piece(frame: number, from: End, to: End, loose: number, labelWidth: number): Piece {
    const key = [from.node, from.gate?.source, from.gate?.side, to.node, to.gate?.source, to.gate?.side].join(
      ' ',
    );
    const pieces = this.#levels.get(frame)?.pieces;
    const known = pieces?.get(key);
    if (known !== undefined) {
      known.labelWidth = Math.max(known.labelWidth, labelWidth);
      return known;
    }
    const piece: Piece = { from, to, loose, labelWidth, points: [] };
    pieces?.set(key, piece);
    return piece;
  }

  #place(level: Level): void {
    const graph = this.#graph;
    const gates = level.gates.filter((gate) => gate.source !== -1);
    const items: Item[] = level.children.map((node) => ({
      width: this.#width[node] ?? 0,
      height: this.#height[node] ?? 0,
      kind: this.#tree.isFrame[node] === 1 ? 'frame' : 'node',
      isData: graph.isData[node] === 1,
      seedX: graph.seedX[node] as number,
      seedY: graph.seedY[node] as number,
    }));
    for (const gate of gates) {
      items.push({
        width: 0,
        height: 0,
        kind: `gate-${gate.side}`,
        isData: false,
        seedX: Number.NaN,
        seedY: gate.seed,
      });
    }
    const at = new Map(level.children.map((node, i) => [node, i]));
    const gateAt = new Map(gates.map((gate, i) => [gate, level.children.length + i]));
    const pieces = [...level.pieces.values()];
    const segments: Segment[] = pieces.map((piece) => ({
      ...this.#segmentEnd('from', piece.from, level, at, gateAt),
      ...this.#segmentEnd('to', piece.to, level, at, gateAt),
      loose: piece.loose,
      labelWidth: piece.labelWidth,
    }));
    const plan = level.frame === -1 ? parts(items, segments) : planLevel(items, segments);
    level.plan = plan;
    const padX = level.frame === -1 ? 0 : space.padX;
    const padTop = level.frame === -1 ? 0 : space.title + space.padTop;
    pieces.forEach((piece, i) => (piece.points = plan.routes[i] ?? []));
    gates.forEach((gate, i) => (gate.y = padTop + (plan.y[level.children.length + i] ?? 0)));
    if (level.frame === -1) return;
    const title = graph.width[level.frame] as number;
    this.#width[level.frame] = Math.max(title, plan.width + 2 * padX);
    this.#height[level.frame] = padTop + plan.height + space.padBottom;
  }

  #segmentEnd<S extends 'from' | 'to'>(
    side: S,
    end: End,
    level: Level,
    at: ReadonlyMap<number, number>,
    gateAt: ReadonlyMap<Gate, number>,
  ): Record<S | `${S}Y`, number> {
    const item = end.node === level.frame && end.gate !== null ? gateAt.get(end.gate) : at.get(end.node);
    const inside = end.node === level.frame;
    const y = inside ? 0 : (end.gate?.y ?? (this.#height[end.node] ?? 0) / 2);
    return { [side]: item ?? 0, [`${side}Y`]: y } as Record<S | `${S}Y`, number>;
  }

  #read(): Layout {
    const count = this.#graph.width.length;
    const x = new Float32Array(count);
    const y = new Float32Array(count);
    const frame = new Uint8Array(count);
    const shift = new Map<number, readonly [number, number]>();
    const outwards = [...this.#levels.values()].sort((a, b) => this.#depth(a.frame) - this.#depth(b.frame));
    for (const level of outwards) {
      const { plan } = level;
      if (plan === null) continue;
      const inner = level.frame !== -1;
      // Content that is narrower than the title stands in the middle.
      const extra = inner ? ((this.#width[level.frame] ?? 0) - plan.width) / 2 : 0;
      const left = inner ? (x[level.frame] as number) + extra : 0;
      const above = inner ? (y[level.frame] as number) + space.title + space.padTop : 0;
      shift.set(level.frame, [left, above]);
      level.children.forEach((node, i) => {
        x[node] = left + (plan.x[i] ?? 0);
        y[node] = above + (plan.y[i] ?? 0);
      });
      if (inner) frame[level.frame] = this.#depth(level.frame);
    }
    const routes = this.#ways.map((way) => this.#join(way, shift, x));
    const routeStart = new Uint32Array(routes.length + 1);
    routes.forEach((route, j) => (routeStart[j + 1] = (routeStart[j] as number) + route.length / 2));
    const gates = [...this.#levels.values()].flatMap((level) =>
      level.gates
        .filter((gate) => gate.source !== -1)
        .flatMap((gate) => {
          const right = gate.side === 'out' ? (this.#width[gate.frame] ?? 0) : 0;
          return [(x[gate.frame] as number) + right, (y[gate.frame] as number) + gate.y, gate.frame];
        }),
    );
    const outer = this.#levels.get(-1)?.plan;
    return {
      x,
      y,
      width: Float32Array.from(this.#width),
      height: Float32Array.from(this.#height),
      frame,
      parent: this.#tree.parent,
      routeStart,
      points: Float32Array.from(routes.flat()),
      gates: Float32Array.from(gates),
      right: outer?.width ?? 0,
      bottom: outer?.height ?? 0,
      algorithm: 'framed',
    };
  }

  /** The pieces of a line as one run of points; at a gate the inner piece is drawn on to the border. */
  #join(
    way: readonly Piece[],
    shift: ReadonlyMap<number, readonly [number, number]>,
    x: Float32Array,
  ): number[] {
    const out: number[] = [];
    const push = (px: number, py: number): void => {
      if (Math.abs(px - (out.at(-2) ?? Infinity)) > 0.5 || Math.abs(py - (out.at(-1) ?? Infinity)) > 0.5) {
        out.push(px, py);
      }
    };
    for (const piece of way) {
      const frame = this.#levelOf(piece);
      const [dx, dy] = shift.get(frame) ?? [0, 0];
      const { points } = piece;
      for (let k = 0; k < points.length; k += 2) {
        const py = (points[k + 1] ?? 0) + dy;
        const px = (points[k] ?? 0) + dx;
        if (k === 0 && piece.from.node === frame) push(x[frame] as number, py);
        push(px, py);
        const last = k === points.length - 2;
        if (last && piece.to.node === frame) push((x[frame] as number) + (this.#width[frame] ?? 0), py);
      }
    }
    return out;
  }

  #levelOf(piece: Piece): number {
    const { parent } = this.#tree;
    if (piece.from.gate?.side === 'in') return piece.from.node;
    if (piece.to.gate?.side === 'out') return piece.to.node;
    return parent[piece.from.node] as number;
  }
}
