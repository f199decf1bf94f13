import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { foldBySpec } from '#shared/graph/fold/fold-by-spec.ts';
import { defaultFold, type FoldSpec } from '#shared/graph/fold/spec.ts';
import { viewOf } from '#shared/graph/fold/view-of.ts';
import type { LayoutGraph } from '#renderer/graph/layout/types.ts';
import { layOut } from '#renderer/graph/layout/layout.ts';
import { type Places, type Scene, sceneOf, sketch } from '#renderer/graph/scene.ts';

/** A drawing of the graph as the page makes it: folded, laid out. */
export function sceneFrom(
  graph: GraphPart,
  wish: Partial<FoldSpec> = {},
  workflows: LayoutGraph['workflows'] = 'frames',
  places?: Places,
): Scene {
  const spec = { ...defaultFold, root: graph.uuid[graph.root] ?? '', up: 1000, down: 1000, ...wish };
  const drawn = sketch(viewOf(foldBySpec(graph, spec).folded), workflows, places);
  return sceneOf(drawn, layOut(drawn.graph));
}
