import { inner } from './face.ts';
import { space } from './layout/types.ts';
import type { Scene } from './scene.ts';
import { type Stub, stubsOf } from './stubs.ts';
import { titleParts } from './title.ts';
import type { Window } from './paint/picture.ts';

/** What is under the pointer. Indices are those of the view. */
export type Hit =
  | { readonly kind: 'node'; readonly at: number }
  /** The empty ground inside a frame. */
  | { readonly kind: 'frame'; readonly at: number }
  /** The sign that opens or closes a workflow or a stack. */
  | { readonly kind: 'toggle'; readonly at: number }
  | { readonly kind: 'chip'; readonly at: number; readonly chip: number }
  | { readonly kind: 'stub'; readonly at: number; readonly stub: Stub };

const cell = 256;

/** Finds what is under a point. Nodes are sorted into a grid once, so that a drawing of many thousands answers at once. */
export class HitTest {
  readonly #scene: Scene;
  readonly #cells = new Map<number, number[]>();
  readonly #columns: number;
  readonly #frames: readonly number[];

  constructor(scene: Scene) {
    this.#scene = scene;
    const { layout } = scene;
    this.#columns = Math.ceil((layout.right + 400) / cell) + 2;
    const frames: number[] = [];
    for (let at = 0; at < scene.faces.length; at++) {
      if ((layout.frame[at] as number) > 0) {
        frames.push(at);
        continue;
      }
      const [x, y] = [layout.x[at] as number, layout.y[at] as number];
      const [w, h] = [layout.width[at] as number, layout.height[at] as number];
      // With room for stubs, which reach out of the box.
      for (let cy = Math.floor((y - 12) / cell); cy <= Math.floor((y + h + 12) / cell); cy++) {
        for (let cx = Math.floor((x - 60) / cell); cx <= Math.floor((x + w + 60) / cell); cx++) {
          const key = (cy + 1) * this.#columns + cx + 1;
          const list = this.#cells.get(key);
          if (list === undefined) this.#cells.set(key, [at]);
          else list.push(at);
        }
      }
    }
    // The innermost first.
    this.#frames = frames.sort((a, b) => (layout.frame[b] as number) - (layout.frame[a] as number));
  }

  /**
   * @param x where in the drawing
   * @param window what of the drawing is seen: titles of frames stay in sight, and are hit where they stand
   * @param zoom small things count only where they are drawn
   */
  at(x: number, y: number, window: Window, zoom: number): Hit | null {
    const nodes =
      this.#cells.get((Math.floor(y / cell) + 1) * this.#columns + Math.floor(x / cell) + 1) ?? [];
    const detailed = zoom >= 0.4;
    if (detailed) {
      for (const at of nodes) {
        const hit = this.#partAt(at, x, y);
        if (hit !== null) return hit;
      }
    }
    for (const at of nodes) if (this.#inside(at, x, y)) return { kind: 'node', at };
    for (const at of this.#frames) {
      const stub = detailed ? this.#stubAt(at, x, y) : null;
      if (stub !== null) return stub;
      const hit = this.#titleAt(at, x, y, window, zoom);
      if (hit !== null) return hit;
    }
    for (const at of this.#frames) if (this.#inside(at, x, y)) return { kind: 'frame', at };
    return null;
  }

  #inside(at: number, x: number, y: number): boolean {
    const { layout } = this.#scene;
    const [left, top] = [layout.x[at] as number, layout.y[at] as number];
    return (
      x >= left &&
      y >= top &&
      x <= left + (layout.width[at] as number) &&
      y <= top + (layout.height[at] as number)
    );
  }

  #stubAt(at: number, x: number, y: number): Hit | null {
    const { view, layout } = this.#scene;
    if ((view.stubIn[at] as number) + (view.stubOut[at] as number) === 0) return null;
    const stub = stubsOf(this.#scene, layout, at).find(
      (s) => x >= s.x - 3 && x <= s.x + s.width + 3 && y >= s.y - 3 && y <= s.y + s.height + 3,
    );
    return stub === undefined ? null : { kind: 'stub', at, stub };
  }

  /** A chip, a sign or a stub of a node. */
  #partAt(at: number, x: number, y: number): Hit | null {
    const stub = this.#stubAt(at, x, y);
    if (stub !== null) return stub;
    if (!this.#inside(at, x, y)) return null;
    const { layout, faces } = this.#scene;
    const face = faces[at];
    if (face === undefined) return null;
    const [left, top] = [layout.x[at] as number, layout.y[at] as number];
    const right = left + (layout.width[at] as number);
    if ((face.closed || face.stack) && x >= right - inner.pad - 20 && y <= top + inner.card) {
      return { kind: 'toggle', at };
    }
    if (y < top + inner.card) return null;
    const chip = face.chips.findIndex((c, i) => {
      const start = nodeChipX(face.chips, i, left, right);
      return x >= start && x <= start + c.width;
    });
    return chip === -1 ? null : { kind: 'chip', at, chip };
  }

  #titleAt(at: number, x: number, y: number, window: Window, zoom: number): Hit | null {
    const { layout, faces } = this.#scene;
    const face = faces[at];
    const top = layout.y[at] as number;
    if (face === undefined || !this.#inside(at, x, y) || y > top + space.title) return null;
    if (zoom < 0.58) return { kind: 'node', at };
    const parts = titleParts(face, layout.x[at] as number, layout.width[at] as number, window);
    if (x >= parts.toggle - 12 && x <= parts.toggle + 12) return { kind: 'toggle', at };
    let left = parts.chips;
    for (let chip = 0; chip < face.chips.length; chip++) {
      const width = face.chips[chip]?.width ?? 0;
      if (x >= left && x <= left + width) return { kind: 'chip', at, chip };
      left += width + inner.chipGap;
    }
    return { kind: 'node', at };
  }
}

/** Left border of a chip in the footer of a node: inputs from the left, outputs from the right. */
export function nodeChipX(
  chips: readonly { readonly side: 'in' | 'out'; readonly width: number }[],
  chip: number,
  left: number,
  right: number,
): number {
  const side = chips[chip]?.side;
  const before = chips.filter((c, i) => c.side === side && (side === 'in' ? i < chip : i >= chip));
  const width = before.reduce((sum, c) => sum + c.width + inner.chipGap, 0);
  return side === 'in' ? left + inner.gap + width : right - inner.gap - width + inner.chipGap;
}
