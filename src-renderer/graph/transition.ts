import type { Boxes } from './paint/picture.ts';
import type { Scene } from './scene.ts';

/** How long nodes take to their new places, in milliseconds. */
export const transitionMs = 180;

/**
 * The way from one drawing to the next: what stays moves, and what is new grows out of the node it belongs to. Of the
 * old drawing only what stays is shown, so that nothing is on the page that is not there any more.
 */
export class Transition {
  readonly #to: Scene;
  readonly #start: Boxes;
  readonly #now: Boxes;

  /** @param shift what to add to the old places, so that the node that is looked at does not move on the screen */
  constructor(from: Scene, to: Scene, shift: readonly [number, number]) {
    this.#to = to;
    this.#start = startBoxes(from, to, shift);
    const copy = (column: Float32Array): Float32Array => column.slice();
    const { x, y, width, height } = this.#start;
    this.#now = { x: copy(x), y: copy(y), width: copy(width), height: copy(height) };
  }

  /** @param t from 0 to 1; at 1 these are the boxes of the layout itself */
  at(t: number): Boxes {
    const { layout } = this.#to;
    if (t >= 1) return layout;
    // Fast at first, slow at the end.
    const part = 1 - (1 - t) ** 3;
    for (const column of ['x', 'y', 'width', 'height'] as const) {
      const [start, end, now] = [this.#start[column], layout[column], this.#now[column]];
      for (let at = 0; at < now.length; at++) {
        now[at] = (start[at] as number) + ((end[at] as number) - (start[at] as number)) * part;
      }
    }
    return this.#now;
  }
}

function startBoxes(from: Scene, to: Scene, [dx, dy]: readonly [number, number]): Boxes {
  const { layout, view } = to;
  const old = from.layout;
  const boxes = {
    x: layout.x.slice(),
    y: layout.y.slice(),
    width: layout.width.slice(),
    height: layout.height.slice(),
  };
  const known = new Uint8Array(to.faces.length);
  for (const [uuid, at] of to.at) {
    const before = from.at.get(uuid);
    if (before === undefined) continue;
    known[at] = 1;
    boxes.x[at] = (old.x[before] as number) + dx;
    boxes.y[at] = (old.y[before] as number) + dy;
    boxes.width[at] = old.width[before] as number;
    boxes.height[at] = old.height[before] as number;
  }
  const origin = new Int32Array(to.faces.length).fill(-1);
  for (let line = 0; line < view.from.length; line++) {
    const [a, b] = [view.from[line] as number, view.to[line] as number];
    if (known[a] === 1 && known[b] === 0) origin[b] = a;
    else if (known[b] === 1 && known[a] === 0) origin[a] = b;
  }
  for (let at = 0; at < known.length; at++) {
    if (known[at] === 1) continue;
    const parent = layout.parent[at] as number;
    const source = parent !== -1 && known[parent] === 1 ? parent : (origin[at] as number);
    if (source === -1) continue;
    boxes.x[at] =
      (boxes.x[source] as number) + (boxes.width[source] as number) / 2 - (layout.width[at] as number) / 2;
    boxes.y[at] = (boxes.y[source] as number) + Math.min(24, (boxes.height[source] as number) / 2);
  }
  return boxes;
}
