import { isCall, linkCount } from '#shared/graph/columns.ts';
import { type Lineage, lineageOf } from '#shared/graph/lineage.ts';
import type { Paths } from '#shared/graph/paths.ts';
import { type Emphasis, Lit } from './paint/picture.ts';
import type { Scene } from './scene.ts';

/** What is lit in a drawing, for nodes and for lines: see `Lit`. */
export interface Lights {
  readonly nodes: Uint8Array;
  readonly lines: Uint8Array;
}

/** The lineage of a drawn node: of all that it stands for. */
export const lineageAt = (scene: Scene, at: number): Lineage =>
  lineageOf(scene.view.folded.graph, scene.view.members[at] ?? []);

/** Lights what led to a node in one hue and what came of it in another. A frame is lit with what is inside it. */
export function lineageLights(scene: Scene, at: number, lineage: Lineage): Lights {
  const { view, layout } = scene;
  const nodes = new Uint8Array(scene.faces.length);
  view.shownBy.forEach((shown, node) => {
    if (shown === -1 || shown === at) return;
    if (lineage.back[node] === 1) nodes[shown] = Lit.back;
    else if (lineage.forward[node] === 1) nodes[shown] = Lit.forward;
  });
  nodes[at] = Lit.self;
  const lines = new Uint8Array(view.from.length);
  for (let line = 0; line < lines.length; line++) {
    const from = nodes[view.from[line] as number] as number;
    const to = nodes[view.to[line] as number] as number;
    if (isCall(view.type[line] as number)) continue;
    if (from === Lit.back && (to === Lit.back || to === Lit.self)) lines[line] = Lit.back;
    else if (to === Lit.forward && (from === Lit.forward || from === Lit.self)) lines[line] = Lit.forward;
  }
  lightFrames(layout.parent, nodes);
  return { nodes, lines };
}

/** Lights the shortest paths between two nodes. */
export function pathLights(scene: Scene, paths: Paths): Lights {
  const { view, layout } = scene;
  const nodes = new Uint8Array(scene.faces.length);
  view.shownBy.forEach((shown, node) => {
    if (shown !== -1 && paths.nodes[node] === 1) nodes[shown] = Lit.path;
  });
  const lines = new Uint8Array(view.from.length);
  for (let line = 0; line < lines.length; line++) {
    const onPath = (view.carries[line] ?? []).some((carried) =>
      (view.type[line] as number) < 6 && carried < linkCount(view.folded.graph)
        ? paths.links[carried] === 1
        : paths.nodes[carried] === 1,
    );
    if (onPath) lines[line] = Lit.path;
  }
  lightFrames(layout.parent, nodes);
  return { nodes, lines };
}

/** Frames around what is lit are not dimmed, so that one sees where it is. */
function lightFrames(parent: Int32Array, nodes: Uint8Array): void {
  for (let at = 0; at < nodes.length; at++) {
    if (nodes[at] === Lit.no) continue;
    for (let above = parent[at] as number; above !== -1; above = parent[above] as number) {
      if (nodes[above] === Lit.no) nodes[above] = Lit.self;
    }
  }
}

/** What stands out, by the places of nodes in this scene. @param lights null while nothing is lit */
export const emphasis = (
  scene: Scene,
  marks: {
    readonly root: string;
    readonly selected: string | null;
    readonly hovered: number;
    readonly focused: boolean;
  },
  lights: Lights | null,
): Emphasis => ({
  root: scene.at.get(marks.root) ?? -1,
  selected: marks.selected === null ? -1 : shownAt(scene, marks.selected),
  hovered: marks.hovered,
  nodes: lights?.nodes ?? null,
  lines: lights?.lines ?? null,
  focused: marks.focused,
});

/** The drawn node that shows the node with this UUID, or -1. */
export function shownAt(scene: Scene, uuid: string): number {
  const drawn = scene.at.get(uuid);
  if (drawn !== undefined) return drawn;
  const node = scene.view.folded.graph.uuid.indexOf(uuid);
  return node === -1 ? -1 : (scene.view.shownBy[node] as number);
}
