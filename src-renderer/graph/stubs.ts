import { textWidth } from './text-metrics.ts';
import type { Boxes } from './paint/picture.ts';
import type { Scene } from './scene.ts';

/** The count of links of a node that lead to nodes which are not drawn, at its left or right border. */
export interface Stub {
  readonly side: 'in' | 'out';
  readonly count: number;
  readonly words: string;
  /** Top left corner and size. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const height = 18;
const size = 10.5;

/**
 * The stubs of one drawn node. They stand beside the middle of its border; where lines end there, or the border of the
 * frame around it is too near, at its lower corner.
 */
export function stubsOf(scene: Scene, boxes: Boxes, at: number): Stub[] {
  const { view, layout } = scene;
  const framed = (layout.frame[at] as number) > 0;
  const [x, y] = [boxes.x[at] as number, boxes.y[at] as number];
  const [w, h] = [boxes.width[at] as number, boxes.height[at] as number];
  const out: Stub[] = [];
  for (const side of ['in', 'out'] as const) {
    const count = (side === 'in' ? view.stubIn : view.stubOut)[at] as number;
    if (count === 0) continue;
    const words = count > 9999 ? `+${Math.floor(count / 1000)}k` : `+${count}`;
    const width = textWidth(words, size, 550) + 12;
    const busy = framed || hasLines(scene, at, side) || !hasRoom(scene, boxes, at, side, width + 6);
    const top = busy ? y + h - (framed ? height * 1.5 : height / 2) : y + (h - height) / 2;
    const reach = busy ? width / 2 : width + 6;
    const left = side === 'in' ? x - reach : x + w - (busy ? width / 2 : -6);
    out.push({ side, count, words, x: left, y: top, width, height });
  }
  return out;
}

/** Whether that much fits between the node and the border of the frame that it is in. */
function hasRoom(scene: Scene, boxes: Boxes, at: number, side: 'in' | 'out', reach: number): boolean {
  const frame = scene.layout.parent[at] ?? -1;
  if (frame < 0) return true;
  const left = boxes.x[at] as number;
  const right = left + (boxes.width[at] as number);
  const inside = boxes.x[frame] as number;
  return side === 'in'
    ? left - reach > inside + 2
    : right + reach < inside + (boxes.width[frame] as number) - 2;
}

const known = new WeakMap<Scene, { readonly in: Uint8Array; readonly out: Uint8Array }>();

function hasLines(scene: Scene, at: number, side: 'in' | 'out'): boolean {
  let flags = known.get(scene);
  if (flags === undefined) {
    flags = { in: new Uint8Array(scene.faces.length), out: new Uint8Array(scene.faces.length) };
    for (let line = 0; line < scene.view.from.length; line++) {
      if (scene.layout.routeStart[line] === scene.layout.routeStart[line + 1]) continue;
      flags.out[scene.view.from[line] as number] = 1;
      flags.in[scene.view.to[line] as number] = 1;
    }
    known.set(scene, flags);
  }
  return flags[side][at] === 1;
}
