import { isData, linkCount } from '#shared/graph/columns.ts';
import type { View } from '#shared/graph/fold/view-of.ts';
import { type Face, facesOf, type as typeSize } from './face.ts';
import type { Layout, LayoutGraph } from './layout/types.ts';
import { textWidth } from './text-metrics.ts';

/** A drawing before its layout: what each node and each line says, and the columns that the layout takes. */
export interface Sketch {
  readonly view: View;
  readonly faces: readonly Face[];
  /** For each line, the labels of its links; empty where they say nothing. */
  readonly labels: readonly string[];
  readonly graph: LayoutGraph;
}

/** A drawing: a sketch and where everything is. */
export interface Scene extends Sketch {
  readonly layout: Layout;
  /** Index of each drawn node by the UUID of the node it is or stands for. */
  readonly at: ReadonlyMap<string, number>;
}

/** Where nodes were, by UUID (centres): so that they stay in place. */
export type Places = ReadonlyMap<string, readonly [x: number, y: number]>;

const longestLabel = 110;

/** @param workflows how workflows are drawn: see `LayoutGraph` */
export function sketch(view: View, workflows: LayoutGraph['workflows'], places: Places = new Map()): Sketch {
  const faces = facesOf(view);
  const labels = view.carries.map((_, line) => labelOf(view, line));
  const { graph } = view.folded;
  const framed = new Set(workflows === 'frames' ? view.caller : []);
  const seed = (axis: 0 | 1): Float32Array =>
    Float32Array.from(view.node, (node) => places.get(graph.uuid[node] ?? '')?.[axis] ?? Number.NaN);
  return {
    view,
    faces,
    labels,
    graph: {
      width: Float32Array.from(faces, (face, at) => (framed.has(at) ? face.titleWidth : face.width)),
      height: Float32Array.from(faces, (face) => face.height),
      isData: Uint8Array.from(view.node, (node) => (isData(graph.kind[node] as number) ? 1 : 0)),
      caller: view.caller,
      from: view.from,
      to: view.to,
      type: view.type,
      implied: view.implied,
      labelWidth: Float32Array.from(labels, (label) =>
        Math.min(longestLabel, textWidth(label, typeSize.label)),
      ),
      seedX: seed(0),
      seedY: seed(1),
      workflows,
    },
  };
}

/** A sketch with the layout that was made of it: their indices must agree. */
export function sceneOf(drawn: Sketch, layout: Layout): Scene {
  const { uuid } = drawn.view.folded.graph;
  return { ...drawn, layout, at: new Map(Array.from(drawn.view.node, (node, at) => [uuid[node] ?? '', at])) };
}

/** Where every node of a drawing is, for the next one. */
export function placesOf(scene: Scene): Places {
  const { x, y, width, height } = scene.layout;
  const { uuid } = scene.view.folded.graph;
  return new Map(
    Array.from(scene.view.node, (node, at) => [
      uuid[node] ?? '',
      [(x[at] as number) + (width[at] as number) / 2, (y[at] as number) + (height[at] as number) / 2],
    ]),
  );
}

/** What the links of a line are called; a flow names what it carries. */
function labelOf(view: View, line: number): string {
  const { graph } = view.folded;
  const carried = view.carries[line] ?? [];
  if ((view.type[line] as number) >= 6) {
    const first = graph.name[carried[0] ?? 0] ?? '';
    return carried.length > 1 ? `${carried.length} data` : first;
  }
  const labels = new Set(
    carried.filter((link) => link < linkCount(graph)).map((link) => graph.linkLabel[link] ?? ''),
  );
  // AiiDA's default for calls says nothing.
  labels.delete('CALL');
  const [first = ''] = labels;
  const shown = labels.size > 1 ? `${first}, +${labels.size - 1}` : first;
  // Ports in namespaces: pw__structure is read as pw.structure.
  return shown.replaceAll('__', '.');
}
