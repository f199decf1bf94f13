import { isCall } from '#shared/graph/columns.ts';
import type { Scene } from './scene.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The drawn node to which an arrow key leads: left to an input, right to an output, up and down to what stands above
 * and below with the same neighbour, caller or frame. -1 where there is none.
 */
export function step(scene: Scene, at: number, direction: Direction): number {
  if (direction === 'left' || direction === 'right') return alongLines(scene, at, direction);
  return beside(scene, at, direction);
}

const middle = (scene: Scene, at: number): number => {
  const { y, height, frame } = scene.layout;
  // A frame is met at its title.
  return (y[at] as number) + ((frame[at] as number) > 0 ? 17 : (height[at] as number) / 2);
};

/** Of the nodes at the other ends of lines the one that is nearest in height. */
function alongLines(scene: Scene, at: number, direction: 'left' | 'right'): number {
  const ends = neighbours(scene, at, direction);
  return nearest(ends, (end) => Math.abs(middle(scene, end) - middle(scene, at)));
}

/** Other ends of lines on one side, without calls. */
export function neighbours(scene: Scene, at: number, side: 'left' | 'right'): number[] {
  const { from, to, type } = scene.view;
  const out = new Set<number>();
  for (let line = 0; line < from.length; line++) {
    if (isCall(type[line] as number)) continue;
    if (side === 'left' && to[line] === at) out.add(from[line] as number);
    if (side === 'right' && from[line] === at) out.add(to[line] as number);
  }
  return [...out];
}

function beside(scene: Scene, at: number, direction: 'up' | 'down'): number {
  const { parent, frame, x } = scene.layout;
  const mine = middle(scene, at);
  const ahead = (other: number): boolean =>
    other !== at && (direction === 'down' ? middle(scene, other) > mine : middle(scene, other) < mine);
  // The title of a frame leads down into it, and its topmost node leads up to the title again.
  if (direction === 'down' && (frame[at] as number) > 0) {
    const inside = [...parent.keys()].filter((other) => parent[other] === at);
    const first = nearest(inside, (other) => (x[other] as number) * 4 + middle(scene, other));
    if (first !== -1) return first;
  }
  const kin = new Set<number>();
  for (const end of neighbours(scene, at, 'left'))
    for (const other of neighbours(scene, end, 'right')) kin.add(other);
  for (const end of neighbours(scene, at, 'right'))
    for (const other of neighbours(scene, end, 'left')) kin.add(other);
  parent.forEach((above, other) => {
    if (above === parent[at]) kin.add(other);
  });
  const next = nearest([...kin].filter(ahead), (other) => {
    const aside = Math.abs((x[other] as number) - (x[at] as number));
    return Math.abs(middle(scene, other) - mine) + aside * 1.5;
  });
  if (next !== -1 || direction === 'down') return next;
  return parent[at] as number;
}

function nearest(nodes: readonly number[], distance: (node: number) => number): number {
  let best = -1;
  let least = Infinity;
  for (const node of nodes) {
    const far = distance(node);
    if (far >= least) continue;
    least = far;
    best = node;
  }
  return best;
}
