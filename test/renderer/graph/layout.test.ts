import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flowLink, Link } from '#shared/graph/columns.ts';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { unfolded } from '#shared/graph/fold/folded.ts';
import { levels } from '#shared/graph/fold/spec.ts';
import { viewOf } from '#shared/graph/fold/view-of.ts';
import { fastLayout } from '#renderer/graph/layout/fast.ts';
import { layOut } from '#renderer/graph/layout/layout.ts';
import type { Layout, LayoutGraph } from '#renderer/graph/layout/types.ts';
import { placesOf, type Scene, sketch } from '#renderer/graph/scene.ts';
import { everyKind, hub, multiplyAdd, restarts } from '../../support/graphs/examples.ts';
import { uuidOf } from '../../support/graphs/builder.ts';
import { anyGraph, anyProvenance, provenance } from '../../support/graphs/random.ts';
import { sceneFrom } from '../../support/graphs/scenes.ts';

const slack = 0.05;

/** Pairs of nodes of one frame (or of the ground) that lie on each other; a frame and what is inside it do not count. */
function overlaps({ x, y, width, height, parent }: Layout): string[] {
  const out: string[] = [];
  const order = [...x.keys()].sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0));
  order.forEach((a, i) => {
    for (let j = i + 1; j < order.length; j++) {
      const b = order[j] ?? 0;
      if ((x[b] ?? 0) >= (x[a] ?? 0) + (width[a] ?? 0) - slack) break;
      const apart =
        (y[b] ?? 0) >= (y[a] ?? 0) + (height[a] ?? 0) - slack ||
        (y[a] ?? 0) >= (y[b] ?? 0) + (height[b] ?? 0) - slack;
      if (!apart && parent[a] === parent[b]) out.push(`${a} and ${b}`);
    }
  });
  return out;
}

/** Nodes that reach out of the frame around them. */
function outside({ x, y, width, height, parent }: Layout): number[] {
  return [...x.keys()].filter((at) => {
    const frame = parent[at] ?? -1;
    if (frame === -1) return false;
    const fits =
      (x[at] ?? 0) >= (x[frame] ?? 0) &&
      (y[at] ?? 0) >= (y[frame] ?? 0) + 30 &&
      (x[at] ?? 0) + (width[at] ?? 0) <= (x[frame] ?? 0) + (width[frame] ?? 0) + slack &&
      (y[at] ?? 0) + (height[at] ?? 0) <= (y[frame] ?? 0) + (height[frame] ?? 0) + slack;
    return !fits;
  });
}

const pointsOf = ({ routeStart, points }: Layout, line: number): Float32Array =>
  points.subarray(2 * (routeStart[line] ?? 0), 2 * (routeStart[line + 1] ?? 0));

const isDataProvenance = (type: number): boolean =>
  type === Link.inputCalc || type === Link.create || type === flowLink;

/** Lines of data provenance that do not lead to the right all the way, or not from border to border. */
function crooked({ from, to, type }: LayoutGraph, layout: Layout): string[] {
  const { x, y, width, height } = layout;
  const out: string[] = [];
  for (let line = 0; line < from.length; line++) {
    const points = pointsOf(layout, line);
    if (!isDataProvenance(type[line] ?? 0) || points.length === 0) continue;
    const [a, b] = [from[line] ?? 0, to[line] ?? 0];
    for (let k = 2; k < points.length; k += 2) {
      if ((points[k] ?? 0) < (points[k - 2] ?? 0) - slack) out.push(`line ${line} turns back`);
    }
    const leaves = Math.abs((points[0] ?? 0) - (x[a] ?? 0) - (width[a] ?? 0)) < 1;
    const enters = Math.abs((points.at(-2) ?? 0) - (x[b] ?? 0)) < 1;
    const within = (at: number, py: number): boolean =>
      py >= (y[at] ?? 0) - slack && py <= (y[at] ?? 0) + (height[at] ?? 0) + slack;
    if (!leaves || !enters || !within(a, points[1] ?? 0) || !within(b, points.at(-1) ?? 0)) {
      out.push(`line ${line} hangs in the air`);
    }
  }
  return out;
}

const anyDrawing = fc.tuple(
  anyProvenance,
  fc.constantFrom(...levels),
  fc.constantFrom('frames' as const, 'nodes' as const),
);

const draw = ([graph, level, workflows]: readonly [
  GraphPart,
  (typeof levels)[number],
  'frames' | 'nodes',
]): Scene => sceneFrom(graph, { level, stacksFrom: 3 }, workflows);

describe('a layout', () => {
  test('never puts a node on another, and keeps each in its frame', () => {
    fc.assert(
      fc.property(anyDrawing, (drawing) => {
        const { layout } = draw(drawing);
        expect(overlaps(layout)).toEqual([]);
        expect(outside(layout)).toEqual([]);
      }),
    );
  });

  test('leads all data provenance to the right, from border to border', () => {
    fc.assert(
      fc.property(anyDrawing, (drawing) => {
        const { graph, layout } = draw(drawing);
        expect(crooked(graph, layout)).toEqual([]);
      }),
    );
  });

  test('says every line that is not implied: it has a way, or stands for a frame around its end', () => {
    fc.assert(
      fc.property(anyDrawing, (drawing) => {
        const { graph, layout } = draw(drawing);
        for (let line = 0; line < graph.from.length; line++) {
          if (pointsOf(layout, line).length > 0) continue;
          const [a, b] = [graph.from[line] ?? 0, graph.to[line] ?? 0];
          const around = (frame: number, node: number): boolean => {
            for (let above = layout.parent[node] ?? -1; above !== -1; above = layout.parent[above] ?? -1) {
              if (above === frame) return true;
            }
            return false;
          };
          expect(graph.implied[line] === 1 || around(a, b) || around(b, a)).toBe(true);
        }
      }),
    );
  });

  test('is the same for the same graph', () => {
    fc.assert(
      fc.property(anyDrawing, (drawing) => {
        const { graph, layout } = draw(drawing);
        expect(layOut(structuredClone(graph))).toEqual(layout);
      }),
    );
  });

  test('stands what no engine would write: rings of calls, data that made itself', () => {
    fc.assert(
      fc.property(anyGraph, fc.constantFrom('frames' as const, 'nodes' as const), (graph, workflows) => {
        const { layout } = sceneFrom(graph, { level: 'full', hubsFrom: null, stacksFrom: null }, workflows);
        expect(overlaps(layout)).toEqual([]);
        expect([...layout.x, ...layout.y, ...layout.points].every(Number.isFinite)).toBe(true);
      }),
    );
  });

  test('leaves what was there in its order when a frame is closed and opened again', () => {
    const graph = everyKind();
    const before = sceneFrom(graph);
    const inner = graph.uuid[graph.name.indexOf('InnerWorkChain')] ?? '';
    const closed = sceneFrom(graph, { closed: new Set([inner]) }, 'frames', placesOf(before));
    const after = sceneFrom(graph, {}, 'frames', placesOf(closed));
    const order = (scene: Scene): string[] => {
      const { uuid } = scene.view.folded.graph;
      const jobs = [...scene.at.values()].filter(
        (at) =>
          scene.faces[at]?.kind === 'calculation' &&
          scene.layout.parent[at] === scene.at.get(uuidOf(graph.root)),
      );
      return jobs
        .sort((a, b) => (scene.layout.y[a] ?? 0) - (scene.layout.y[b] ?? 0))
        .map((at) => uuid[scene.view.node[at] ?? 0] ?? '');
    };
    expect(order(closed)).toEqual(order(before));
    expect(order(after)).toEqual(order(before));
  });

  test('of the workflow with two steps has no crossing and one frame', () => {
    const { layout } = sceneFrom(multiplyAdd());
    expect(layout.frame.filter((depth) => depth > 0)).toHaveLength(1);
    expect(layout.bottom).toBeLessThan(220);
  });

  test('of a workflow that restarts is a chain: each run right of the one before', () => {
    const scene = sceneFrom(restarts(8));
    const { name } = scene.view.folded.graph;
    const runs = [...scene.view.node.keys()].filter(
      (at) => name[scene.view.node[at] ?? 0] === 'PwCalculation',
    );
    const lefts = runs.map((at) => scene.layout.x[at] ?? 0);
    expect(lefts).toEqual([...lefts].sort((a, b) => a - b));
    expect(new Set(lefts).size).toBe(8);
  });
});

describe('the fast layout', () => {
  const everything = (graph: GraphPart): LayoutGraph => sketch(viewOf(unfolded(graph)), 'nodes').graph;

  test('never puts a node on another and leads data to the right', () => {
    fc.assert(
      fc.property(anyProvenance, (part) => {
        const graph = everything(part);
        const layout = fastLayout(graph);
        expect(overlaps(layout)).toEqual([]);
        expect(crooked(graph, layout)).toEqual([]);
      }),
    );
  });

  test('breaks towers of thousands into columns', () => {
    const graph = everything(hub(3000));
    const { right, bottom } = layOut(graph);
    expect(layOut(graph).algorithm).toBe('fast');
    expect(bottom / right).toBeLessThan(4);
  });

  test('is the same for the same graph', () => {
    const graph = everything(provenance({ workflows: 3, calls: 3, seed: 3 }));
    expect(fastLayout(structuredClone(graph))).toEqual(fastLayout(graph));
  });
});
