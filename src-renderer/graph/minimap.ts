import type { Area, Screen } from './camera.ts';
import type { Scene } from './scene.ts';
import type { Palette } from './theme.ts';

/** How the drawing is put into the little map: scale, and the place of its first corner. */
export interface MinimapFit {
  readonly scale: number;
  /** In px of the map, as the next one. */
  readonly x: number;
  readonly y: number;
}

/** The drawing in the middle of the map, in px; a small drawing is not made as large as the map. */
export function minimapFit(scene: Scene, size: Screen): MinimapFit {
  const { right, bottom } = scene.layout;
  const pad = 6;
  const scale = Math.min(
    (size.width - 2 * pad) / Math.max(1, right),
    (size.height - 2 * pad) / Math.max(1, bottom),
    0.2,
  );
  return { scale, x: (size.width - right * scale) / 2, y: (size.height - bottom * scale) / 2 };
}

const graveStates: ReadonlySet<string> = new Set(['failed', 'excepted']);

/** The whole drawing in little: frames, specks, failures as ticks, and the part that is on the screen. */
export function paintMinimap(
  context: CanvasRenderingContext2D,
  scene: Scene,
  palette: Palette,
  size: Screen,
  ratio: number,
  window: Area,
): void {
  const { layout, faces } = scene;
  const { scale, x: left, y: top } = minimapFit(scene, size);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalAlpha = 1;
  context.clearRect(0, 0, size.width, size.height);
  const box = (at: number, least: number): readonly [number, number, number, number] => [
    left + (layout.x[at] as number) * scale,
    top + (layout.y[at] as number) * scale,
    Math.max(least, (layout.width[at] as number) * scale),
    Math.max(least, (layout.height[at] as number) * scale),
  ];
  for (const [at, face] of faces.entries()) {
    const [x, y, w, h] = box(at, 1.5);
    const framed = (layout.frame[at] as number) > 0;
    context.globalAlpha = framed ? 0.16 : 0.85;
    context.fillStyle = palette.kind[face.kind];
    context.fillRect(x, y, w, h);
  }
  context.globalAlpha = 1;
  for (const [at, face] of faces.entries()) {
    if (face.state === null || !graveStates.has(face.state) || (layout.frame[at] as number) > 0) continue;
    const [x, y, w, h] = box(at, 3);
    context.fillStyle = palette.state[face.state];
    context.fillRect(x + w / 2 - 1.5, y - 2, 3, h + 4);
  }
  const [x, y] = [left + window.left * scale, top + window.top * scale];
  const [w, h] = [(window.right - window.left) * scale, (window.bottom - window.top) * scale];
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  // What lies outside of the map is cut, so that the border of the window is always seen.
  const [x0, y0] = [Math.max(1, x), Math.max(1, y)];
  const [x1, y1] = [Math.min(size.width - 1, x + w), Math.min(size.height - 1, y + h)];
  if (x1 > x0 && y1 > y0) context.strokeRect(x0, y0, x1 - x0, y1 - y0);
}

/** Whether all of the drawing is on the screen, so that the map says nothing. */
export const isAllSeen = (scene: Scene, window: Area): boolean =>
  window.left <= 0 &&
  window.top <= 0 &&
  window.right >= scene.layout.right &&
  window.bottom >= scene.layout.bottom;
