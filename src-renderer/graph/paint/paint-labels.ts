import { lineStyle } from '../line-style.ts';
import { type as typeSize } from '../face.ts';
import type { Pen } from '../pen.ts';
import type { Scene } from '../scene.ts';
import { fitText, textWidth } from '../text-metrics.ts';
import { pointsNow } from './curve.ts';
import { dimmed, isSeen, Lit, litColour, type Picture } from './picture.ts';

/** Labels of links, each at that end of its line where fewer lines meet; one that would lie on another is left out. */
export function paintLabels(pen: Pen, picture: Picture): void {
  const { scene, boxes, palette, emphasis, window } = picture;
  const { view, layout } = scene;
  const taken = new Taken();
  const ends = endCounts(scene);
  for (let line = 0; line < view.from.length; line++) {
    const label = scene.labels[line] ?? '';
    if (label === '' || layout.routeStart[line] === layout.routeStart[line + 1]) continue;
    const points = pointsNow(layout, boxes, view.from[line] as number, view.to[line] as number, line);
    const atStart = (ends.out[view.from[line] as number] ?? 0) <= (ends.into[view.to[line] as number] ?? 0);
    const [x, y] = atStart ? [points[0] ?? 0, points[1] ?? 0] : [points.at(-2) ?? 0, points.at(-1) ?? 0];
    const room = roomBeside(points, atStart);
    // The first letters alone would only be noise.
    const words = fitText(label, room, typeSize.label);
    if (words !== label && words.length < 7) continue;
    const width = textWidth(words, typeSize.label);
    const left = atStart ? x + 6 : x - 10 - width;
    // On the side from which the line does not come.
    const toY = (atStart ? points[3] : points.at(-3)) ?? y;
    const middle = toY < y - 2 ? y + 9 : y - 8;
    if (words === '' || !isSeen(window, left, middle - 8, width, 16) || !taken.take(left, middle, width))
      continue;
    const lit = emphasis.lines?.[line] ?? Lit.no;
    const dim = emphasis.lines !== null && lit === Lit.no;
    pen.text(words, left, middle, {
      size: typeSize.label,
      weight: 400,
      colour:
        litColour(palette, lit) ??
        (lineStyle(view.type[line] as number).colour === 'linkInput' ? palette.textFaint : palette.textSoft),
      halo: palette.ground,
      alpha: dim ? dimmed.node : 1,
    });
  }
}

/** From the end of the line to the next point: a label shall not run into the next column. */
function roomBeside(points: Float32Array, atStart: boolean): number {
  const [a, b] = atStart ? [points[0] ?? 0, points[2] ?? 0] : [points.at(-4) ?? 0, points.at(-2) ?? 0];
  return Math.min(110, Math.abs(b - a) - 18);
}

interface EndCounts {
  readonly out: Uint32Array;
  readonly into: Uint32Array;
}

const known = new WeakMap<Scene, EndCounts>();

function endCounts(scene: Scene): EndCounts {
  const before = known.get(scene);
  if (before !== undefined) return before;
  const counts = { out: new Uint32Array(scene.faces.length), into: new Uint32Array(scene.faces.length) };
  scene.view.from.forEach((from, line) => {
    if (scene.layout.routeStart[line] === scene.layout.routeStart[line + 1]) return;
    const to = scene.view.to[line] as number;
    counts.out[from] = (counts.out[from] ?? 0) + 1;
    counts.into[to] = (counts.into[to] ?? 0) + 1;
  });
  known.set(scene, counts);
  return counts;
}

/** Which places have a label already, by a grid of cells. */
class Taken {
  readonly #cells = new Map<
    string,
    { readonly left: number; readonly right: number; readonly y: number }[]
  >();

  take(left: number, y: number, width: number): boolean {
    const right = left + width;
    const rows = [Math.floor(y / 16) - 1, Math.floor(y / 16), Math.floor(y / 16) + 1];
    const columns: number[] = [];
    for (let c = Math.floor(left / 120); c <= Math.floor(right / 120); c++) columns.push(c);
    for (const row of rows) {
      for (const column of columns) {
        const hit = this.#cells
          .get(`${column} ${row}`)
          ?.some((other) => left < other.right && other.left < right && Math.abs(other.y - y) < 11);
        if (hit === true) return false;
      }
    }
    for (const column of columns) {
      const key = `${column} ${Math.floor(y / 16)}`;
      const list = this.#cells.get(key) ?? [];
      list.push({ left, right, y });
      this.#cells.set(key, list);
    }
    return true;
  }
}
